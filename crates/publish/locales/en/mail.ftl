# Mail that the program itself writes.

confirm-subject = Please confirm: letters about { $review }
confirm-text = Somebody has asked for letters about { $review } at this address. If it was you, open this page and press the button on it:
confirm-link = Confirm my subscription
confirm-until = The page works for seven days.
confirm-not-you = If it was not you, do nothing. You will get no letters, and this address is deleted after seven days.
subscribed-subject = You are subscribed already: letters about { $review }
subscribed-text = Somebody has asked for letters about { $review } at this address, which gets them already. There is nothing more to do. If you want no more of them, follow this link:
subscribed-not-you = If it was not you who asked, nothing has changed, and nobody was told that you are subscribed.
newsletter-why = You get this letter because you subscribed to letters about { $review } and confirmed it.
newsletter-leave = Unsubscribe
newsletter-private = Nobody measures whether you open this letter or follow its links. When you unsubscribe, your address is deleted.
once = You get this because you asked for it on the pages of { $review }. Your address is not kept.
own-code-subject = Your eight words: { $review }
own-code-text = These eight words lead back to what you gave to { $review }, on any device:
own-copy-subject = A copy of what you told { $review }
own-copy-text = Below is a copy of what you told { $review }. These eight words show what becomes of it, on any device:
own-link = Type the words on this page:
own-keep = Whoever has the words can read what you gave and change what may be done with it. Keep them to yourself.
own-reference = Reference
own-until = Kept until
own-in-confidence = You did not allow it to be published, and e-mail is not private. So nothing of what you said stands here: read it on the page above, with your eight words.
own-answers = What you said
