# Files in answer to a question.

files-added = Files you have added
files-full = You have added as many files as this question takes. Remove one before you add another.
file-choose = Choose files
file-choose-more = Choose more files
file-upload = Upload
file-remove = Remove
file-what = What does this file show?
file-limits = Up to { $most } files: { $kinds }. Each must be smaller than { $size }MB.
file-limits-one = One file: { $kinds }. It must be smaller than { $size }MB.
file-cleaned = We take out of pictures where, when and with what they were taken. A document may still hold your name: look at its properties before you upload it.
file-or = { $others } or { $last }
file-named = { $name }: { $message }
file-kind-pdf = PDF
file-kind-png = PNG
file-kind-jpeg = JPEG
file-kind-webp = WebP
file-kind-text = TXT
file-kind-csv = CSV
file-kind-odt = ODT
file-kind-docx = DOCX
file-kind-ods = ODS
file-kind-xlsx = XLSX
mistake-file-missing = Select a file
mistake-file-empty = The selected file is empty
mistake-file-too-large = The selected file must be smaller than { $size }MB
mistake-file-kind = The selected file must be a { $kinds }
mistake-file-too-many =
    { $count ->
        [one] You can only add one file. Remove it before you add another
       *[other] You can only add up to { $number } files. Remove one before you add another
    }
unfit-web-page = It is a web page or an SVG drawing, which can hold programs
unfit-program = It is a program
unfit-archive = It is an archive. Take the files out of it and select them one by one
unfit-macros = The selected file must not contain macros. Save it without them, or as a PDF
unfit-old-document = It is a document of an old kind, or has a password. Save it as a PDF, without a password
unfit-other-picture = It is a picture of another kind. Save it as a JPEG or PNG
unfit-sound-or-video = It is sound or video
unfit-damaged = The selected file could not be read: it is damaged or incomplete
error-slow = What you sent did not arrive
error-slow-why = It came too slowly, or the connection broke off. Nothing was saved of it; what you had saved before is there.
error-slow-do = Go back and try again, with a smaller file if you can.
