# Welsh by machine, awaiting a native reader.

gallery = Yr hyn sy'n gweithio, a'r hyn a fethodd
gallery-more = Yr hyn sy'n gweithio, a'r hyn a fethodd, parhad
gallery-text = Gwasanaethau fel y profodd pobl hwy: lle mae'n gweithio, lle methodd, a'r hyn y gallai eraill ei fabwysiadu.
gallery-views = Enghreifftiau yn ôl dyfarniad
gallery-all = Pob un
gallery-works = Yn gweithio
gallery-failed = Wedi methu
gallery-mixed = Cymysg
gallery-models = Patrymau
gallery-empty = Nid oes enghraifft wedi'i chyhoeddi eto
gallery-found =
    { $count ->
        [two] { $number } gyfraniad ag enghreifftiau
        [few] { $number } chyfraniad ag enghreifftiau
        [many] { $number } chyfraniad ag enghreifftiau
       *[other] { $number } cyfraniad ag enghreifftiau
    }
gallery-no-service = Gwasanaeth heb ei enwi
gallery-next = Rhagor o enghreifftiau
