//! Private keys as tokens unwrap them (PKCS#11 3.2, section 6.7): `PrivateKeyInfo` (RFC 5208).

use super::key_kinds::{Kind, Shape};
use super::spki::{BIT_STRING, EC_PUBLIC_KEY, RSA_ENCRYPTION};
use crate::memory::Secret;
use crate::psa::der::{self, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// The public key of an `ECPrivateKey`: context specific, constructed, 1.
const PUBLIC_KEY: u8 = 0xa1;

/// From the export format of a key pair (PSA 1.5, section 9.5) and its public part; `None` for kinds whose encoding tokens do
/// not agree on.
pub(super) fn private_key_info(kind: Kind, secret: &[u8], public: &[u8]) -> Option<Secret> {
    let (algorithm, key) = match kind {
        Kind::Rsa(_) => {
            let algorithm = [der::element(OBJECT_IDENTIFIER, RSA_ENCRYPTION), der::element(NULL, &[])].concat();
            (algorithm, Secret::new(secret.to_vec()))
        }
        Kind::Ec(curve) => {
            let name = *curve.parameters.first()?;
            match curve.shape() {
                Shape::Weierstrass => {
                    ([&der::element(OBJECT_IDENTIFIER, EC_PUBLIC_KEY), name].concat(), ec_private_key(secret, public))
                }
                // RFC 8410, section 7.
                Shape::Edwards | Shape::Montgomery => (name.to_vec(), der::secret_element(OCTET_STRING, &[secret])),
            }
        }
        _ => return None,
    };
    let (version, key) = (der::element(INTEGER, &[0]), der::secret_element(OCTET_STRING, &[&key]));
    Some(der::secret_element(SEQUENCE, &[&version, &der::element(SEQUENCE, &algorithm), &key]))
}

/// RFC 5915, section 3.
fn ec_private_key(secret: &[u8], public: &[u8]) -> Secret {
    let public = der::element(PUBLIC_KEY, &der::element(BIT_STRING, &[&[0], public].concat()));
    let secret = der::secret_element(OCTET_STRING, &[secret]);
    der::secret_element(SEQUENCE, &[&der::element(INTEGER, &[1]), &secret, &public])
}
