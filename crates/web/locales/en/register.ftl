# The register: that evidence was counted, and how anybody can verify that.

register = The register
register-text = Everything that is given to a review is entered here, and so is what becomes of it. Nobody can learn from it who wrote or what. But nobody, not even we, can drop or change an entry without everybody noticing.
register-name = Its name
register-size = Entries
register-root = Fingerprint of all of them
register-witnesses = Confirmed by
register-unwitnessed = Nobody yet. Without a witness, different people could be shown different registers.
register-keys = Keys that sign it
register-trouble = Nothing is entered just now
register-trouble-text = The register has stopped, lest it contradict itself. What is given is kept, and entered when it goes on.
register-verify = Verify it yourself
register-verify-text = The register is a handful of files that anybody can copy. The program Folkmoot verifies all of it: folkmoot verify register, and the address of this page.
register-verify-receipt = Verify a receipt
register-checkpoint = The newest checkpoint
register-policy = Keys and witnesses, for programs
registered = In the register
registered-entered = Entry { $number } of { $of } in the register, there since { $date }. Everything that is given is an entry, and so is what becomes of it.
registered-witnessed = { $witnesses } confirmed that nothing before it was changed.
registered-unwitnessed = No witness has confirmed it yet.
registered-promised = It will be in the register by { $date }, entered together with others, so that nobody can tell who wrote when. The signed promise of that can be downloaded.
registered-soon = It will be entered soon.
registered-receipt = Download my receipt for the register, with what I wrote
registered-proof = Download the proof alone, to show to others: it says nothing of what I wrote
registered-what = What the register is
register-back = To what is asked and told here
register-documentation = The documentation of the register, in English
