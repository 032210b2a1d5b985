# The review and its calls.

about = About the review
terms = Terms of reference
goals = Goals
goals-text = What should come about. Every proposal will be held against these.
timetable = Timetable
timetable-what = What happens
timetable-when = When
sponsors = Who asked for it
period = { $from } to { $until }
until = until { $date }
calls = Calls for evidence
calls-text = Answer whichever concerns you, and only the questions that you want to answer.
calls-text-required = Answer whichever concerns you. Questions that must be answered say so; you can skip all others.
open-calls = Open calls for evidence
other-calls = Other calls for evidence
coming-calls = Opening later
closed-calls = Closed
no-open-calls = No call is open now
no-open-calls-text = You can read what people have told us.
hearing = What we are hearing
all-published =
    { $count ->
        [one] The { $number } published contribution
       *[other] All { $number } published contributions
    }
fact-received =
    { $count ->
        [one] contribution received
       *[other] contributions received
    }
fact-published = published
fact-open =
    { $count ->
        [one] call for evidence open
       *[other] calls for evidence open
    }
fact-until-close = until the next call closes
fact-today = Today
fact-last-day = is the last day of a call
questions =
    { $count ->
        [one] { $number } question
       *[other] { $number } questions
    }
minutes =
    { $count ->
        [one] about { $number } minute
       *[other] about { $number } minutes
    }
opens-on = opens { $date }
closes-on = closes { $date }
closed-on = closed { $date }
late-until = closed, late evidence until { $date }
call-caption = Call for evidence
call-coming = This call has not opened yet
call-coming-text = It opens on { $date }. You can read the questions now and prepare your answers.
call-closed = This call has closed
call-closed-text = It closed on { $date } and takes no more evidence.
call-closed-read = Read what people told us
call-late = This call has closed, and you can still answer
call-late-text = It closed on { $closed }. Evidence that comes until { $until } is taken and marked late.
draft-begun = You have begun to answer this call
draft-kept = We keep your answers until { $date }. This device remembers the way to them; on any other, your eight words open them.
draft-continue = Continue your evidence
draft-delete = Delete my draft
draft-look = Look at what you wrote
call-no-account = You need no account. You can skip any question, stop when you like and go on later: we keep what you save, this device remembers the way to it, and eight words open it on any other.
call-no-account-required = You need no account. You can skip any question that is not marked “Must be answered”, stop when you like and go on later: we keep what you save, this device remembers the way to it, and eight words open it on any other.
call-background = Background
call-questions = What we ask
call-questions-text = Every question stands on a page of its own.
call-questions-closed = What we asked
call-audiences = We especially want to hear from
call-audiences-closed = We especially wanted to hear from
call-anybody = Nobody is turned away: if this concerns you, please tell us.
call-dates = Dates
call-opens = Opens
call-closes = Closes
call-late-until = Late evidence until
call-takes = Answering everything takes
call-afterwards = What happens afterwards
call-afterwards-text = You get a receipt: a reference, and eight words that show you what became of your evidence for as long as the review is kept. Somebody reads everything that comes. What you allow to be published is published when it has been read. You can change your mind, or withdraw it.
call-afterwards-closed = Somebody reads everything that came. What may be published is published when it has been read. Whoever sent evidence sees on the receipt what became of it.
other-ways = Other ways to answer
about-more = More
