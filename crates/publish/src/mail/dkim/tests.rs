//! Signatures, checked by code that shares nothing with what signs: canonical forms after RFC 6376, section 3.4, and keys by
//! another library.

use base64::prelude::{BASE64_STANDARD, Engine};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::*;
use crate::mail::{Letter, List, Part, Sending};

type Tested = Result<(), Box<dyn std::error::Error>>;

/// Made for this test, and used for nothing else.
const RSA: &str = include_str!("../snapshots/rsa-for-tests.pem");

fn signed(dkim: &Dkim) -> Result<String, Box<dyn std::error::Error>> {
    let letter = Letter {
        language: "cy".parse()?,
        subject: "Beth  glywsom ni – a mwy ".to_owned() + &"o hyn ".repeat(20),
        parts: vec![Part::Text("One.  Two \n\n.three\n".to_owned())],
        foot: vec![],
    };
    let (from, to) = ("review@example.org".parse()?, "ada@example.net".parse()?);
    let sending = Sending {
        from_name: "Adolygiad Llywodraeth Ddigidol y Deyrnas – Unedig",
        from: &from,
        reply_to: Some(&from),
        to: &to,
        message_id: "0.1@example.org",
        date: "2026-11-23T12:00:00Z".parse()?,
        home: "https://review.example.org/cy/r/d",
        colour: "#12362a",
        list: Some(List {
            id: "letters.d.example.org",
            unsubscribe: "https://review.example.org/cy/r/d/newsletter/leave?t=0123",
        }),
    };
    Ok(String::from_utf8(letter.message(&sending, Some(dkim))?)?)
}

/// Whether the signature is right for what stands in the message, with `check` for the key.
fn verifies(message: &str, check: impl Fn(&[u8], &[u8]) -> bool) -> Result<bool, Box<dyn std::error::Error>> {
    let (head, body) = message.split_once("\r\n\r\n").ok_or("no body")?;
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers: Vec<(&str, &str)> = unfolded.split("\r\n").filter_map(|line| line.split_once(':')).collect();
    let find =
        |name: &str| headers.iter().rev().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let signature = find("DKIM-Signature").ok_or("no signature")?;
    let tag = |name: &str| {
        let tags = signature.split(';').filter_map(|tag| tag.trim().split_once('='));
        tags.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value.replace(char::is_whitespace, ""))
    };
    assert_eq!(
        (tag("d").as_deref(), tag("s").as_deref(), tag("c").as_deref()),
        (Some("example.org"), Some("mail"), Some("relaxed/relaxed"))
    );
    let lines = body.split("\r\n").map(|line| words(line).trim_end().to_owned());
    let canonical = lines.collect::<Vec<_>>().join("\r\n");
    let canonical = format!("{}\r\n", canonical.trim_end_matches("\r\n"));
    if tag("bh") != Some(BASE64_STANDARD.encode(Sha256::digest(canonical))) {
        return Ok(false);
    }
    let mut data = String::new();
    for name in tag("h").ok_or("no headers")?.split(':') {
        if let Some(value) = find(name) {
            data.extend([&name.to_lowercase(), ":", words(value).trim(), "\r\n"]);
        }
    }
    for must in ["from", "subject", "list-unsubscribe", "list-unsubscribe-post"] {
        assert!(data.contains(&format!("{must}:")), "{must} is not signed");
    }
    let (before, _) = signature.rsplit_once("b=").ok_or("no b")?;
    data.extend(["dkim-signature:", words(before).trim_start(), "b="]);
    Ok(check(data.as_bytes(), &BASE64_STANDARD.decode(tag("b").ok_or("no b")?)?))
}

/// Runs of white space become one space.
fn words(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let space = matches!(c, ' ' | '\t');
        if !(space && out.ends_with(' ')) {
            out.push(if space { ' ' } else { c });
        }
    }
    out
}

fn ed25519_pem(seed: [u8; 32]) -> String {
    let document = [&super::ED25519[..], &seed].concat();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(document))
}

#[test]
fn an_ed25519_signature_is_right_and_breaks_with_what_it_covers() -> Tested {
    let message = signed(&Dkim::new(&ed25519_pem([7; 32]), "example.org", "mail")?)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).map_err(|error| error.to_string())?;
    // RFC 8463 signs the digest of the headers.
    let check = |data: &[u8], signature: &[u8]| {
        let key = UnparsedPublicKey::new(&ED25519, pair.public_key().as_ref());
        key.verify(&Sha256::digest(data), signature).is_ok()
    };
    assert!(verifies(&message, check)?, "{message}");
    assert!(!verifies(&message.replace("One.", "One,"), check)?);
    assert!(!verifies(&message.replace("leave?t=0123", "leave?t=0124"), check)?);
    assert!(!verifies(&message.replace("To: ada@", "To: eve@"), check)?);
    Ok(())
}

#[test]
fn an_rsa_signature_is_right() -> Tested {
    let message = signed(&Dkim::new(RSA, "example.org", "mail")?)?;
    let pair = RsaKeyPair::from_der(&der(RSA).ok_or("no key")?).map_err(|error| error.to_string())?;
    let check = |data: &[u8], signature: &[u8]| {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref()).verify(data, signature).is_ok()
    };
    assert!(verifies(&message, check)?, "{message}");
    assert!(!verifies(&message.replace("Subject: ", "Subject: x"), check)?);
    Ok(())
}

#[test]
fn a_key_that_cannot_be_used_is_told_with_what_to_do() {
    for (key, why) in [
        ("", "PEM"),
        ("not a key", "PEM"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "openssl rsa"),
    ] {
        let refused = Dkim::new(key, "example.org", "mail").err().unwrap_or_default();
        assert!(refused.contains(why), "{key:?}: {refused}");
    }
}
