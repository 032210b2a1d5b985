# Kinds of question that need words of their own, help, easy words.

asked-if = asked only if an earlier answer makes it necessary
help-with-question = Help with this question
start-easy = Start in easy read
easy-words = Easy read
full-words = Full version
place-how = Write the name of a nation, a region, a county or a local authority: “cardiff”, “yorkshire”. The first letters are enough. If you mean a smaller place, write its name, or the first half of its postcode. Of a whole postcode we keep the first half only.
service-how = Write the name as you know it. The first letters are enough.
offer-legend = What do you mean by “{ $typed }”?
offer-own = None of these: keep what I wrote
offer-more = There are { $number } of them. The first ones are here; write more of the name to see others.
ranking-how = Give 1 to what comes first for you, 2 to the next, and so on. You can leave out what you have no opinion on.
ranking-how-most =
    { $count ->
        [one] Choose the one that comes first for you, and give it 1.
       *[other] Choose up to { $number }: give 1 to what comes first for you, 2 to the next, and so on.
    }
ranking-none = No opinion
place-kind-nation = nation
place-kind-region = region
place-kind-county = county
place-kind-authority = local authority
mistake-several-places = Say which place you mean: choose one, or keep what you wrote
mistake-several-services = Say which service you mean: choose one, or keep what you wrote
mistake-same-rank = You gave { $rank } more than once: { $options }. Give each its own number
mistake-rank-gap = Nothing has the number { $rank }: number from 1 without a gap
