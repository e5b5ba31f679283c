//! PKCS#11 URIs (RFC 7512): which token, and which object in it.

use std::fmt;

use super::TokenSelector;

/// What every PKCS#11 URI begins with.
const SCHEME: &str = "pkcs11:";

/// A URI, taken apart and decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pkcs11Uri {
    /// Which token.
    pub token: TokenSelector,
    /// Which object in it.
    pub object: ObjectSelector,
}

/// Which object: every part that is given must be equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectSelector {
    /// `CKA_LABEL`: the attribute `object`.
    pub label: Option<Vec<u8>>,
    /// `CKA_ID`: the attribute `id`.
    pub id: Option<Vec<u8>>,
    /// `CKA_CLASS`: the attribute `type`.
    pub class: Option<ObjectClass>,
}

/// The classes of objects that are keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectClass {
    /// `CKO_PRIVATE_KEY`.
    Private,
    /// `CKO_PUBLIC_KEY`.
    Public,
    /// `CKO_SECRET_KEY`.
    Secret,
}

impl ObjectClass {
    /// The value of the attribute `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::Secret => "secret-key",
        }
    }
}

impl Pkcs11Uri {
    /// True where a text is meant to be a URI, and not a plain label.
    pub fn is_uri(text: &[u8]) -> bool {
        text.starts_with(SCHEME.as_bytes())
    }

    /// Takes a URI apart. The error says what is wrong with it, without quoting it: somebody may have put a PIN there.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let path = text.strip_prefix(SCHEME).ok_or("it must begin with 'pkcs11:'")?;
        if path.contains('?') {
            return Err("what follows '?' (the module, the PIN) belongs into the section of the backend");
        }
        let mut uri = Self::default();
        for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
            let (name, value) = attribute.split_once('=').ok_or("every attribute is name=value")?;
            uri.set(name, percent_decoded(value).ok_or("a '%' must be followed by two hexadecimal digits")?)?;
        }
        Ok(uri)
    }

    fn set(&mut self, name: &str, value: Vec<u8>) -> Result<(), &'static str> {
        let Self { token, object } = self;
        match name {
            "token" => once(&mut token.label, text(value)?),
            "serial" => once(&mut token.serial, text(value)?),
            "manufacturer" => once(&mut token.manufacturer, text(value)?),
            "model" => once(&mut token.model, text(value)?),
            "object" => once(&mut object.label, value),
            "id" => once(&mut object.id, value),
            "type" => once(&mut object.class, class(&value)?),
            _ => Err("the attributes that name a key or its token are token, serial, manufacturer, model, object, id \
                      and type"),
        }
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), &'static str> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err("an attribute occurs twice"),
    }
}

fn text(value: Vec<u8>) -> Result<String, &'static str> {
    String::from_utf8(value).map_err(|_| "what names a token must be UTF-8")
}

fn class(value: &[u8]) -> Result<ObjectClass, &'static str> {
    let classes = [ObjectClass::Private, ObjectClass::Public, ObjectClass::Secret];
    let found = classes.into_iter().find(|class| class.name().as_bytes() == value);
    found.ok_or("the type of a key is private, public or secret-key")
}

/// The bytes that a value stands for (RFC 3986, section 2.1).
fn percent_decoded(value: &str) -> Option<Vec<u8>> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(bytes)
}

/// What may stand in a value as it is (RFC 7512, section 2.3, `pk11-pchar`, without what is special elsewhere).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Writes one attribute, after a semicolon if it is not the first.
fn attribute(formatter: &mut fmt::Formatter<'_>, first: &mut bool, name: &str, value: &[u8]) -> fmt::Result {
    write!(formatter, "{}{name}=", if std::mem::take(first) { "" } else { ";" })?;
    for byte in value {
        match byte {
            // A binary identifier is read more easily when all of it is in hexadecimal.
            byte if is_plain(*byte) && name != "id" => write!(formatter, "{}", char::from(*byte))?,
            byte => write!(formatter, "%{byte:02X}")?,
        }
    }
    Ok(())
}

/// The URI of the object, for people and for [`Pkcs11Uri::parse`].
impl fmt::Display for ObjectSelector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(SCHEME)?;
        let mut first = true;
        if let Some(id) = &self.id {
            attribute(formatter, &mut first, "id", id)?;
        }
        if let Some(label) = &self.label {
            attribute(formatter, &mut first, "object", label)?;
        }
        match self.class {
            Some(class) => attribute(formatter, &mut first, "type", class.name().as_bytes()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_uri_is_taken_apart() {
        let uri = "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=9dc0;token=a%3bb;\
                   id=%01%ff;object=my%20key;type=private";
        let uri = Pkcs11Uri::parse(uri).unwrap();
        assert_eq!(uri.token.label.as_deref(), Some("a;b"));
        assert_eq!(uri.token.serial.as_deref(), Some("9dc0"));
        assert_eq!(uri.token.manufacturer.as_deref(), Some("SoftHSM project"));
        assert_eq!(uri.token.model.as_deref(), Some("SoftHSM v2"));
        assert_eq!(uri.object.id.as_deref(), Some(&[1, 0xff][..]));
        assert_eq!(uri.object.label.as_deref(), Some(&b"my key"[..]));
        assert_eq!(uri.object.class, Some(ObjectClass::Private));
        assert_eq!(uri.object.to_string(), "pkcs11:id=%01%FF;object=my%20key;type=private");
        assert_eq!(Pkcs11Uri::parse("pkcs11:"), Ok(Pkcs11Uri::default()));
        assert_eq!(Pkcs11Uri::parse("pkcs11:;"), Ok(Pkcs11Uri::default()));
    }

    #[test]
    fn mistakes_are_told_apart() {
        for (uri, part) in [
            ("PKCS11:object=a", "begin with 'pkcs11:'"),
            ("pkcs11:object", "name=value"),
            ("pkcs11:object=%", "two hexadecimal digits"),
            ("pkcs11:object=%1", "two hexadecimal digits"),
            ("pkcs11:object=%+1", "two hexadecimal digits"),
            ("pkcs11:object=%1é", "two hexadecimal digits"),
            ("pkcs11:token=%ff", "UTF-8"),
            ("pkcs11:object=a;object=a", "twice"),
            ("pkcs11:type=cert", "private, public or secret-key"),
            ("pkcs11:slot-id=1", "the attributes that name"),
            ("pkcs11:object=a?pin-value=1234", "belongs into the section"),
        ] {
            let text = Pkcs11Uri::parse(uri).unwrap_err();
            assert!(text.contains(part) && !text.contains("1234"), "{uri}: {text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(label: Option<Vec<u8>>, id: Option<Vec<u8>>, class in 0..4_usize) {
            let class = [None, Some(ObjectClass::Private), Some(ObjectClass::Public), Some(ObjectClass::Secret)][class];
            let object = ObjectSelector { label, id, class };
            let uri = Pkcs11Uri::parse(&object.to_string());
            prop_assert_eq!(uri, Ok(Pkcs11Uri { token: TokenSelector::default(), object }));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = Pkcs11Uri::parse(&format!("pkcs11:{text}"));
        }
    }
}
