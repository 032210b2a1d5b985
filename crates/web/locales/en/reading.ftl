# What has been published.

find = Find contributions
find-words = Words
find-call = Call
find-kind = From
find-verdict = Verdict
find-all = All
find-button = Find
find-clear = Show everything
find-first = Back to the newest
found =
    { $count ->
        [one] { $number } contribution
       *[other] { $number } contributions
    }
found-many = Contributions
found-nothing = Nothing matches
found-nothing-text = Try other words, or fewer of them, or choose “All” in the lists.
found-end = There is nothing further
nothing-published = Nothing has been published yet
nothing-published-text = What people tell us is published here when it has been read, if they allow it.
title-found = Contributions with “{ $words }”
title-more = What we have heard, continued
feed-of-this = Follow by feed
pages-label = Pages
older = Older contributions
more = More contributions
published-on = published { $date }
late = late
model = a model for others
unnamed-contributor = unnamed contributor
fact-verdict = Verdict
fact-who = From
fact-call = Call
fact-published-at = Published
fact-channel = How it came
