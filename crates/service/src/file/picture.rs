//! Pictures without what was noted in them: where, when, by whom and with what they were taken, comments, edits, thumbnails.
//! Only the parts that draw the picture are kept, byte for byte, and which way up it stands. What follows its end goes too.
//!
//! PNG: W3C Recommendation, third edition. JPEG: ITU-T T.81 and T.871 (JFIF). WebP: RFC 9649. Exif: CIPA DC-008.

/// The way up of a picture that is not to be turned.
const UPRIGHT: u8 = 1;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that draw the picture, say its colours, or move it.
const PNG_KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
    b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// A PNG without its texts, times, previews and unknown chunks; `None` if it is damaged.
pub(super) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let (mut kept, mut up) = (PNG.to_vec(), UPRIGHT);
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let (named, sum) = chunk.get(4..)?.split_last_chunk::<4>()?;
        let (name, data) = named.split_first_chunk::<4>()?;
        if crc32fast::hash(named) != u32::from_be_bytes(*sum) || (kept.len() == PNG.len() && name != b"IHDR") {
            return None;
        }
        rest = rest.get(chunk.len()..)?;
        match name {
            b"IEND" => {
                if up != UPRIGHT {
                    push_chunk(&mut kept, *b"eXIf", &exif(up));
                }
                kept.extend_from_slice(chunk);
                return Some(kept);
            }
            b"eXIf" => up = way_up(data),
            name if PNG_KEPT.contains(&name) => kept.extend_from_slice(chunk),
            // Without an unknown chunk that is critical, the picture cannot be drawn.
            name if name.first()?.is_ascii_uppercase() => return None,
            _ => {}
        }
    }
}

fn push_chunk(kept: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let named = [name.as_slice(), data].concat();
    kept.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    kept.extend_from_slice(&named);
    kept.extend_from_slice(&crc32fast::hash(&named).to_be_bytes());
}

/// A JPEG without its application segments, comments, thumbnails, and further pictures behind the first; `None` if it is
/// damaged.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let (mut jfif, mut kept, mut up, mut drawn) = (Vec::new(), Vec::new(), UPRIGHT, false);
    loop {
        // The end may be missing: what has been drawn so far is the picture.
        let Some(after) = rest.strip_prefix(&[0xff]) else { return drawn.then(|| whole_jpeg(&jfif, up, &kept)) };
        let (marker, after) = after.split_first()?;
        rest = after;
        match *marker {
            // Fill bytes may stand before any marker.
            0xff => rest = bytes.get(bytes.len() - after.len() - 1..)?,
            0xd9 => return drawn.then(|| whole_jpeg(&jfif, up, &kept)),
            0x01 | 0xd0..=0xd7 => kept.extend_from_slice(&[0xff, *marker]),
            0xc0..=0xfe => {
                let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                let segment = after.get(..length.max(2))?;
                rest = after.get(segment.len()..)?;
                let data = segment.get(2..)?;
                match *marker {
                    0xe0 if data.starts_with(b"JFIF\0") => jfif = without_thumbnail(data)?,
                    0xe1 if data.starts_with(b"Exif\0\0") => up = way_up(data.get(6..)?),
                    0xe2 if data.starts_with(b"ICC_PROFILE\0") => push_segment(&mut kept, 0xe2, data),
                    // How the colours are meant: without it some pictures come out inverted.
                    0xee if data.starts_with(b"Adobe") => push_segment(&mut kept, 0xee, data.get(..12)?),
                    0xe0..=0xfe => {}
                    marker => push_segment(&mut kept, marker, data),
                }
                if *marker == 0xda {
                    let end = end_of_scan(rest);
                    kept.extend_from_slice(rest.get(..end)?);
                    rest = rest.get(end..)?;
                    drawn = true;
                }
            }
            _ => return None,
        }
    }
}

/// Where the next marker stands behind the entropy-coded data of a scan. Stuffed zeros and restarts belong to the scan.
fn end_of_scan(bytes: &[u8]) -> usize {
    let marker = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff));
    bytes.windows(2).position(marker).unwrap_or(bytes.len())
}

fn without_thumbnail(data: &[u8]) -> Option<Vec<u8>> {
    Some([data.get(..12)?, &[0, 0]].concat())
}

fn push_segment(kept: &mut Vec<u8>, marker: u8, data: &[u8]) {
    kept.extend_from_slice(&[0xff, marker]);
    kept.extend_from_slice(&u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    kept.extend_from_slice(data);
}

fn whole_jpeg(jfif: &[u8], up: u8, kept: &[u8]) -> Vec<u8> {
    let mut whole = vec![0xff, 0xd8];
    if !jfif.is_empty() {
        push_segment(&mut whole, 0xe0, jfif);
    }
    if up != UPRIGHT {
        push_segment(&mut whole, 0xe1, &[b"Exif\0\0", exif(up).as_slice()].concat());
    }
    whole.extend_from_slice(kept);
    whole.extend_from_slice(&[0xff, 0xd9]);
    whole
}

/// The flags of the extended header of a WebP that tell of Exif and of XMP.
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;

/// A WebP without its metadata and unknown chunks; `None` if it is damaged.
pub(super) fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let after = bytes.strip_prefix(b"RIFF")?;
    let length = usize::try_from(u32::from_le_bytes(*after.first_chunk()?)).ok()?;
    let body = after.get(4..length.checked_add(4)?)?.strip_prefix(b"WEBP")?;
    let (mut kept, mut up, mut drawn) = (b"WEBP".to_vec(), UPRIGHT, false);
    for chunk in riff(body)? {
        let data = chunk.data;
        match chunk.name {
            b"EXIF" => up = way_up(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            b"VP8X" if kept.len() == 4 => {
                let (flags, rest) = data.split_first()?;
                push_riff(&mut kept, *chunk.name, &[&[flags & !(WEBP_EXIF | WEBP_XMP)], rest].concat());
            }
            b"ANMF" => {
                let (frame, inner) = data.split_at_checked(16)?;
                let mut whole = frame.to_vec();
                riff(inner)?
                    .iter()
                    .filter(|part| draws(part.name))
                    .for_each(|p| push_riff(&mut whole, *p.name, p.data));
                push_riff(&mut kept, *chunk.name, &whole);
                drawn = true;
            }
            name if draws(name) || matches!(name, b"ICCP" | b"ANIM") => {
                drawn |= draws(name);
                push_riff(&mut kept, *name, data);
            }
            _ => {}
        }
    }
    if up != UPRIGHT && kept.get(4..8)? == b"VP8X" {
        *kept.get_mut(12)? |= WEBP_EXIF;
        push_riff(&mut kept, *b"EXIF", &exif(up));
    }
    let length = u32::try_from(kept.len()).ok()?.to_le_bytes();
    drawn.then(|| [b"RIFF", length.as_slice(), &kept].concat())
}

fn draws(name: &[u8]) -> bool {
    matches!(name, b"VP8 " | b"VP8L" | b"ALPH")
}

struct Chunk<'a> {
    name: &'a [u8; 4],
    data: &'a [u8],
}

/// The chunks of a RIFF file.
fn riff(mut rest: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while let Some((name, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*after.first_chunk()?)).ok()?;
        let data = after.get(4..length.checked_add(4)?)?;
        // Chunks of an odd length are padded, but for the last one of some writers.
        rest = after.get(4 + length + length % 2..).unwrap_or_default();
        chunks.push(Chunk { name, data });
    }
    Some(chunks)
}

fn push_riff(kept: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    kept.extend_from_slice(&name);
    kept.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    kept.extend_from_slice(data);
    kept.resize(kept.len() + data.len() % 2, 0);
}

/// The tag of Exif that says which way up a picture stands.
const ORIENTATION: u16 = 0x0112;

/// Which way up a picture stands, by its Exif data (TIFF 6.0): 1 to 8; 1 if it does not say.
fn way_up(tiff: &[u8]) -> u8 {
    orientation(tiff).filter(|way| (1..=8).contains(way)).unwrap_or(UPRIGHT)
}

fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk()?;
    let offset = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    let table = usize::try_from(offset).ok()?;
    let entries = usize::from(two(table)?);
    let entry = (0..entries).map(|n| table + 2 + 12 * n).find(|at| two(*at) == Some(ORIENTATION))?;
    u8::try_from(two(entry + 8)?).ok()
}

/// Exif data that say which way up a picture stands, and nothing else.
fn exif(up: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = up;
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exif data with the way up, and a place in them.
    fn tagged(up: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x04\0\0\0GPS\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        tiff.extend_from_slice(&[up, 0, 0, 0, 0, 0, 0, 0]);
        tiff.extend_from_slice(b"51.48 N 3.18 W");
        tiff
    }

    fn has(bytes: &[u8], words: &[u8]) -> bool {
        bytes.windows(words.len()).any(|window| window == words)
    }

    #[test]
    fn a_png_keeps_what_draws_it() {
        let mut given = PNG.to_vec();
        for (name, data) in [
            (b"IHDR", b"header".as_slice()),
            (b"tEXt", b"Author\0Ada"),
            (b"eXIf", &tagged(6)),
            (b"prVt", b"unknown"),
            (b"IDAT", b"pixels"),
            (b"tIME", b"yesterday"),
            (b"IEND", b""),
        ] {
            push_chunk(&mut given, *name, data);
        }
        let whole = given.clone();
        given.extend_from_slice(b"<script>alert(1)</script>");
        let kept = png(&given).expect("a picture");
        assert!(has(&kept, b"IHDRheader") && has(&kept, b"IDATpixels"));
        for gone in [b"Ada".as_slice(), b"51.48", b"unknown", b"yesterday", b"script"] {
            assert!(!has(&kept, gone), "{}", String::from_utf8_lossy(gone));
        }
        assert!(has(&kept, &exif(6)), "it stands the same way up");
        assert_eq!(png(&kept), Some(kept.clone()));
        let mut wrong = whole.clone();
        wrong[20] ^= 1;
        assert_eq!(png(&wrong), None, "a bit that fell over");
        assert_eq!(png(&whole[..whole.len() - 1]), None, "cut off");
    }

    /// A JPEG of markers and words in place of pixels.
    fn camera(up: u8) -> Vec<u8> {
        let mut given = vec![0xff, 0xd8];
        push_segment(&mut given, 0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01thumb");
        push_segment(&mut given, 0xe1, &[b"Exif\0\0", tagged(up).as_slice()].concat());
        push_segment(&mut given, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
        push_segment(&mut given, 0xe2, b"ICC_PROFILE\0\x01\x01colours");
        push_segment(&mut given, 0xe2, b"MPF\0second");
        push_segment(&mut given, 0xed, b"Photoshop 3.0\0IPTC");
        push_segment(&mut given, 0xfe, b"comment");
        push_segment(&mut given, 0xdb, b"tables");
        push_segment(&mut given, 0xc2, b"frame");
        given.extend_from_slice(&[0xff, 0xff]);
        given.extend_from_slice(&[0xda, 0, 6, 1, 2, 3, 4]);
        given.extend_from_slice(b"scan\xff\0more\xff\xd0still");
        push_segment(&mut given, 0xda, b"again");
        given.extend_from_slice(b"last\xff\xd9");
        given
    }

    #[test]
    fn a_jpeg_keeps_what_draws_it() {
        let mut given = camera(8);
        given.extend_from_slice(b"\xff\xd8 a film of my garden");
        let kept = jpeg(&given).expect("a picture");
        for stays in
            [b"tables".as_slice(), b"frame", b"scan\xff\0more\xff\xd0still", b"again", b"last", b"colours", b"JFIF"]
        {
            assert!(has(&kept, stays), "{}", String::from_utf8_lossy(stays));
        }
        for gone in [b"thumb".as_slice(), b"51.48", b"xmpmeta", b"second", b"IPTC", b"comment", b"garden"] {
            assert!(!has(&kept, gone), "{}", String::from_utf8_lossy(gone));
        }
        assert!(has(&kept, &exif(8)));
        assert_eq!(jpeg(&kept), Some(kept.clone()));
        assert!(!has(&jpeg(&camera(1)).expect("a picture"), b"Exif"));
        // A scan that breaks off is a picture all the same; a header that does is none.
        assert!(jpeg(&camera(1)[..camera(1).len() - 3]).is_some());
        assert_eq!(jpeg(&camera(1)[..40]), None);
    }

    #[test]
    fn a_webp_keeps_what_draws_it() {
        let mut body = b"WEBP".to_vec();
        push_riff(&mut body, *b"VP8X", &[0x0c, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
        push_riff(&mut body, *b"ICCP", b"colours");
        push_riff(&mut body, *b"ANMF", &[[7; 16].as_slice(), b"VP8 \x02\0\0\0ab", b"META\x02\0\0\0me"].concat());
        push_riff(&mut body, *b"VP8 ", b"pixel");
        push_riff(&mut body, *b"EXIF", &tagged(3));
        push_riff(&mut body, *b"XMP ", b"xmpmeta");
        let given =
            [b"RIFF", u32::try_from(body.len()).expect("small").to_le_bytes().as_slice(), &body, b"behind"].concat();
        let kept = webp(&given).expect("a picture");
        assert!(has(&kept, b"colours") && has(&kept, b"pixel") && has(&kept, b"VP8 \x02\0\0\0ab"));
        for gone in [b"51.48".as_slice(), b"xmpmeta", b"META", b"behind"] {
            assert!(!has(&kept, gone), "{}", String::from_utf8_lossy(gone));
        }
        assert!(has(&kept, &exif(3)) && kept.get(20) == Some(&WEBP_EXIF));
        assert_eq!(webp(&kept), Some(kept.clone()));
        assert_eq!(webp(&given[..30]), None);
    }
}
