# While very many are sending.

patience-heading = Very many are sending just now
patience-saved = What you wrote is saved, and nothing of it is lost.
patience-wait = { $count ->
    [one] So that machines cannot drown people out, sending takes a little longer now. Press Send again in { $number } second, or any time later.
   *[other] So that machines cannot drown people out, sending takes a little longer now. Press Send again in { $number } seconds, or any time later.
}
patience-working = Or wait a few seconds: your device is working out what lets you through at once, and then sends it.
trap = Leave this empty
