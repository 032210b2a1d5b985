# The receipt.

receipt-heading = Thank you. You have been counted.
receipt-withdrawn = You have withdrawn your evidence.
receipt-withdrawn-text = Everything that you wrote has been erased. It remains known only that something came and was withdrawn.
receipt-reference = Your reference
receipt-words = Your receipt. Keep these eight words: nobody can find them again for you.
receipt-print = Print this page
receipt-download = Download my answers
receipt-download-words = Download my answers, with the eight words
receipt-download-json = Download them for a program (JSON)
receipt-happened = What has happened to it
receipt-next = Next: { $stage }
receipt-next-text = From { $date }. This page will say what became of your evidence.
receipt-may = What you can do
receipt-change-release = Change what may be done with it
receipt-withdraw = Withdraw it
receipt-close-heading = When you leave
receipt-close-text = On a device that others use, close your receipt. The eight words open it again, here and on any other device. This also closes answers that you have saved but not sent: their own eight words open them again.
receipt-close = Close on this device
receipt-closed = It is closed on this device
receipt-closed-text = Nothing here leads back to what you saved or sent. Your eight words open it again, here and on any other device.
receipt-form-heading = Come back with your eight words
receipt-form-text = When you saved or sent your evidence you were given eight words. They bring you back to what you saved, or show what became of what you sent.
receipt-form-label = Your eight words
receipt-form-hint = With spaces between them. Capital letters do not matter, and the first four letters of a word are enough.
receipt-form-button = Open
receipt-form-lost = If you have lost the words, nobody can find them for you, not even we. Your evidence counts all the same. If you know its reference, you can read it here once it is published.
mistake-words =
    { $count ->
        [0] Write your eight words
        [one] A receipt has eight words, and you wrote { $number }
       *[other] A receipt has eight words, and you wrote { $number }
    }
mistake-word = “{ $word }” is not a word of any receipt. Check how it is written
mistake-word-meant = “{ $word }” is not a word of any receipt. Did you mean “{ $meant }”?
mistake-no-receipt = Nothing in this review has these words. Check the words and their order. What was saved and not sent is deleted after thirty days
step-published = Published
step-published-text = It was opened to everybody.
step-published-link = Read it as others do
step-redacted = A passage was struck out
step-redacted-text = In the answer to “{ $question }”. The reason: { $reason }.
step-taken-up = A body will take this up
step-taken-up-text = Your example is held up as a model, and a body has said that it will do the same.
step-take-up-ended = That a body will take this up is not shown any more
step-release = You changed what may be done with it
step-release-text = Before: { $from }. Now: { $to }.
step-release-closed = It is not published any more.
step-set-aside = The team has set it aside
step-set-aside-text = It looks as if a machine had sent it. Nothing of it is lost. If you wrote it, write to the team, and it is taken in again.
step-taken-in = The team has taken it in again
step-withdrawn = You withdrew it
step-withdrawn-text = Everything that you wrote was erased.
withdraw-heading = Withdraw your evidence?
withdraw-text = Everything that you wrote is erased, and it is taken off the site if it is published. Your receipt stays and says that you withdrew it. This cannot be undone.
withdraw-button = Withdraw my evidence
record-review = Review
record-call = Call
record-reference = Reference
record-received = Received
record-release = What may be done with it
record-who = From
record-words = Receipt words
record-empty = Nothing of what was written is kept.
