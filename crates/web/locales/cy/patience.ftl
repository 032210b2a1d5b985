# Welsh by machine, awaiting a native reader.

patience-heading = Mae llawer iawn yn anfon ar hyn o bryd
patience-saved = Mae’r hyn a ysgrifennoch wedi’i gadw, ac nid oes dim ohono wedi’i golli.
patience-wait = { $count ->
    [one] Fel na all peiriannau foddi lleisiau pobl, mae anfon yn cymryd ychydig mwy o amser nawr. Pwyswch Anfon eto ymhen { $number } eiliad, neu unrhyw bryd wedyn.
   *[other] Fel na all peiriannau foddi lleisiau pobl, mae anfon yn cymryd ychydig mwy o amser nawr. Pwyswch Anfon eto ymhen { $number } eiliad, neu unrhyw bryd wedyn.
}
patience-working = Neu arhoswch ychydig eiliadau: mae eich dyfais yn cyfrifo’r hyn sy’n eich gadael drwodd ar unwaith, ac yna’n ei anfon.
trap = Gadewch hwn yn wag
