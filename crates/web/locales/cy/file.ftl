# Welsh by machine, awaiting a native reader.

files-added = Ffeiliau rydych wedi’u hychwanegu
files-full = Rydych wedi ychwanegu cymaint o ffeiliau ag y mae’r cwestiwn hwn yn eu derbyn. Tynnwch un cyn ychwanegu un arall.
file-choose = Dewiswch ffeiliau
file-choose-more = Dewiswch fwy o ffeiliau
file-upload = Lanlwytho
file-remove = Tynnu
file-what = Beth mae’r ffeil hon yn ei ddangos?
file-limits = Hyd at { $most } ffeil: { $kinds }. Rhaid i bob un fod yn llai na { $size }MB.
file-limits-one = Un ffeil: { $kinds }. Rhaid iddi fod yn llai na { $size }MB.
file-cleaned = Rydym yn tynnu o luniau ble, pryd a chyda beth y cawsant eu tynnu. Gall dogfen ddal eich enw o hyd: edrychwch ar ei phriodweddau cyn ei lanlwytho.
file-or = { $others } neu { $last }
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
mistake-file-missing = Dewiswch ffeil
mistake-file-empty = Mae’r ffeil a ddewiswyd yn wag
mistake-file-too-large = Rhaid i’r ffeil a ddewiswyd fod yn llai na { $size }MB
mistake-file-kind = Rhaid i’r ffeil a ddewiswyd fod yn { $kinds }
mistake-file-too-many =
    { $count ->
        [one] Dim ond un ffeil y gallwch ei hychwanegu. Tynnwch hi cyn ychwanegu un arall
       *[other] Dim ond hyd at { $number } ffeil y gallwch eu hychwanegu. Tynnwch un cyn ychwanegu un arall
    }
unfit-web-page = Tudalen we neu lun SVG yw hi, a all ddal rhaglenni
unfit-program = Rhaglen yw hi
unfit-archive = Archif yw hi. Tynnwch y ffeiliau allan ohoni a’u dewis fesul un
unfit-macros = Rhaid i’r ffeil a ddewiswyd beidio â chynnwys macros. Cadwch hi hebddynt, neu fel PDF
unfit-old-document = Dogfen o hen fath yw hi, neu mae ganddi gyfrinair. Cadwch hi fel PDF, heb gyfrinair
unfit-other-picture = Llun o fath arall yw hi. Cadwch ef fel JPEG neu PNG
unfit-sound-or-video = Sain neu fideo yw hi
unfit-damaged = Nid oedd modd darllen y ffeil a ddewiswyd: mae wedi’i difrodi neu’n anghyflawn
error-slow = Ni chyrhaeddodd yr hyn a anfonoch
error-slow-why = Daeth yn rhy araf, neu torrwyd y cysylltiad. Ni chadwyd dim ohono; mae’r hyn a gadwyd gennych o’r blaen yno.
error-slow-do = Ewch yn ôl a rhowch gynnig arall arni, gyda ffeil lai os gallwch.
