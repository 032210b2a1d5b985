# The gallery of examples.

gallery = What works, and what failed
gallery-more = What works, and what failed, continued
gallery-text = Services as people met them: where it works, where it failed, and what others could take up.
gallery-views = Examples by verdict
gallery-all = All
gallery-works = Works
gallery-failed = Failed
gallery-mixed = Mixed
gallery-models = Models
gallery-empty = No example has been published yet
gallery-found =
    { $count ->
        [one] { $number } contribution with an example
       *[other] { $number } contributions with examples
    }
gallery-no-service = A service that is not named
gallery-next = More examples
