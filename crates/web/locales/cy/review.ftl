# Welsh by machine, awaiting a native reader.

about = Am yr adolygiad
terms = Cylch gorchwyl
goals = Nodau
goals-text = Yr hyn a ddylai ddigwydd. Caiff pob cynnig ei fesur yn erbyn y rhain.
timetable = Amserlen
timetable-what = Beth sy’n digwydd
timetable-when = Pryd
sponsors = Pwy ofynnodd amdano
period = { $from } i { $until }
until = tan { $date }
calls = Galwadau am dystiolaeth
calls-text = Atebwch ba rai bynnag sy’n berthnasol i chi, a dim ond y cwestiynau yr hoffech eu hateb.
calls-text-required = Atebwch ba rai bynnag sy’n berthnasol i chi. Mae cwestiynau y mae’n rhaid eu hateb yn dweud hynny; gallwch hepgor pob un arall.
open-calls = Galwadau agored am dystiolaeth
other-calls = Galwadau eraill am dystiolaeth
coming-calls = Yn agor yn nes ymlaen
closed-calls = Wedi cau
no-open-calls = Nid oes galwad ar agor nawr
no-open-calls-text = Gallwch ddarllen yr hyn y mae pobl wedi’i ddweud wrthym.
hearing = Yr hyn a glywn
all-published =
    { $count ->
        [one] Yr { $number } cyfraniad a gyhoeddwyd
        [two] Y { $number } gyfraniad a gyhoeddwyd
        [few] Pob un o’r { $number } chyfraniad a gyhoeddwyd
        [many] Pob un o’r { $number } chyfraniad a gyhoeddwyd
       *[other] Pob un o’r { $number } cyfraniad a gyhoeddwyd
    }
fact-received =
    { $count ->
        [two] gyfraniad wedi dod i law
        [few] chyfraniad wedi dod i law
        [many] chyfraniad wedi dod i law
       *[other] cyfraniad wedi dod i law
    }
fact-published = wedi’u cyhoeddi
fact-open =
    { $count ->
        [two] alwad am dystiolaeth ar agor
       *[other] galwad am dystiolaeth ar agor
    }
fact-until-close = nes i’r alwad nesaf gau
fact-today = Heddiw
fact-last-day = yw diwrnod olaf galwad
questions =
    { $count ->
        [two] { $number } gwestiwn
        [few] { $number } chwestiwn
        [many] { $number } chwestiwn
       *[other] { $number } cwestiwn
    }
minutes =
    { $count ->
        [two] tua { $number } funud
       *[other] tua { $number } munud
    }
opens-on = yn agor { $date }
closes-on = yn cau { $date }
closed-on = caeodd { $date }
late-until = wedi cau, tystiolaeth hwyr tan { $date }
call-caption = Galwad am dystiolaeth
call-coming = Nid yw’r alwad hon wedi agor eto
call-coming-text = Bydd yn agor ar { $date }. Gallwch ddarllen y cwestiynau nawr a pharatoi eich atebion.
call-closed = Mae’r alwad hon wedi cau
call-closed-text = Caeodd ar { $date } ac nid yw’n derbyn rhagor o dystiolaeth.
call-closed-read = Darllenwch yr hyn a ddywedodd pobl wrthym
call-late = Mae’r alwad hon wedi cau, ond gallwch ateb o hyd
call-late-text = Caeodd ar { $closed }. Derbynnir tystiolaeth a ddaw tan { $until }, a’i nodi’n hwyr.
draft-begun = Rydych wedi dechrau ateb yr alwad hon
draft-kept = Rydym yn cadw eich atebion tan { $date }. Mae’r ddyfais hon yn cofio’r ffordd atynt; ar unrhyw un arall, mae eich wyth gair yn eu hagor.
draft-continue = Parhau â’ch tystiolaeth
draft-delete = Dileu fy nrafft
draft-look = Gweld yr hyn a ysgrifennoch
call-no-account = Nid oes angen cyfrif arnoch. Gallwch hepgor unrhyw gwestiwn, rhoi’r gorau iddi pan fynnwch a pharhau yn nes ymlaen: ni sy’n cadw’r hyn a gadwch, mae’r ddyfais hon yn cofio’r ffordd ato, ac mae wyth gair yn ei agor ar unrhyw un arall.
call-no-account-required = Nid oes angen cyfrif arnoch. Gallwch hepgor unrhyw gwestiwn nad yw wedi’i farcio “Rhaid ei ateb”, rhoi’r gorau iddi pan fynnwch a pharhau yn nes ymlaen: ni sy’n cadw’r hyn a gadwch, mae’r ddyfais hon yn cofio’r ffordd ato, ac mae wyth gair yn ei agor ar unrhyw un arall.
call-background = Cefndir
call-questions = Yr hyn a ofynnwn
call-questions-text = Mae pob cwestiwn ar dudalen ar ei phen ei hun.
call-questions-closed = Yr hyn a ofynnwyd gennym
call-audiences = Hoffem glywed yn arbennig gan
call-audiences-closed = Roeddem am glywed yn arbennig gan
call-anybody = Ni wrthodir neb: os yw hyn yn berthnasol i chi, dywedwch wrthym.
call-dates = Dyddiadau
call-opens = Yn agor
call-closes = Yn cau
call-late-until = Tystiolaeth hwyr tan
call-takes = Mae ateb popeth yn cymryd
call-afterwards = Beth sy’n digwydd wedyn
call-afterwards-text = Cewch dderbynneb: cyfeirnod, ac wyth gair sy’n dangos i chi beth ddaeth o’ch tystiolaeth cyhyd ag y cedwir yr adolygiad. Mae rhywun yn darllen popeth a ddaw. Cyhoeddir yr hyn yr ydych yn caniatáu ei gyhoeddi ar ôl iddo gael ei ddarllen. Gallwch newid eich meddwl, neu ei dynnu’n ôl.
call-afterwards-closed = Mae rhywun yn darllen popeth a ddaeth. Cyhoeddir yr hyn y ceir ei gyhoeddi ar ôl iddo gael ei ddarllen. Mae pwy bynnag a anfonodd dystiolaeth yn gweld ar y dderbynneb beth ddaeth ohoni.
other-ways = Ffyrdd eraill o ateb
about-more = Rhagor
