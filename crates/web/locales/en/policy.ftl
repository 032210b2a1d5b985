# The cookie, and the accessibility statement.

privacy-cookie = The one cookie
privacy-cookie-text = When you begin to give evidence or open a receipt, this site keeps one cookie, named “{ $name }”, on your device for 30 days. It keeps your draft and your receipt together and does nothing else. There is no other cookie, nobody counts your visits, and your address on the network is not stored.
privacy-receipt-text = With the eight words of your receipt you can see what we hold of your evidence, change what may be done with it, or withdraw it.
accessibility-heading = Accessibility statement
accessibility-scope = This statement applies to the pages of the { $review } on this site. We want as many people as possible to be able to use them.
accessibility-able = You should be able to:
accessibility-able-zoom = zoom in up to 400 % without text spilling off the screen, and change colours and spacing in your browser
accessibility-able-keyboard = use every page with a keyboard alone
accessibility-able-voice = use every page with speech recognition
accessibility-able-reader = listen to every page with a screen reader
accessibility-able-script = do everything without JavaScript, on an old telephone or in a locked-down browser
accessibility-known = What we know is not yet right
accessibility-known-welsh = The Welsh of the pages was made by machine and is awaiting a native reader.
accessibility-known-people = The pages have been tested by programs and by their makers. They have not yet been tested by a group of disabled people.
accessibility-known-written = Contributions are published as their authors wrote them. Some may be hard to read, and some are in another language than the page.
accessibility-help = If you cannot use a page, or need it in another form
accessibility-help-text = Tell us which page it is and what you need: large print, easy read, audio, Braille, or somebody who writes down what you say. Tell us too if you find a fault that is not listed here.
accessibility-enforcement = If you are not happy with our answer
accessibility-enforcement-text = The Equality and Human Rights Commission (EHRC) enforces the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018 in England, Scotland and Wales, together with the Equality Commission in Northern Ireland (ECNI). If you are not happy with how we answer your complaint, contact the Equality Advisory and Support Service (EASS) or, in Northern Ireland, the ECNI.
accessibility-enforcement-elsewhere = Turn to the body that watches over the accessibility of public services where you live.
accessibility-technical = How far the pages meet the standard
accessibility-technical-text = They are made to meet the Web Content Accessibility Guidelines (WCAG) version 2.2 at level AA.
accessibility-compliance = They are partially compliant, because of what is listed above under “What we know is not yet right”.
accessibility-tested = How this was tested
accessibility-tested-text = Every kind of page is checked with the tool axe and the W3C’s HTML checker whenever the software changes, with and without JavaScript, at a width of 320 pixels and in forced colours. The components are those of the GOV.UK Design System, which are tested with assistive technologies.
