//! Rows of the database, as types.

use rusqlite::Row;

use super::{Instance, KeyRecord, PlaceRecord};
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, KeyId, KeyType, Lifetime, Usage};

/// Reads attributes from the first six columns of a row: id, type, bits, lifetime, usage, algorithm. A number out of
/// the range of its type is an error.
pub(super) fn attributes(row: &Row<'_>) -> rusqlite::Result<Attributes> {
    let bits: u32 = row.get(2)?;
    Ok(Attributes {
        id: KeyId(row.get(0)?),
        key_type: KeyType(row.get(1)?),
        bits: bits as usize,
        lifetime: Lifetime(row.get(3)?),
        usage: Usage(row.get(4)?),
        algorithm: Algorithm(row.get(5)?),
    })
}

/// Reads a key: attributes, then backend, identity, context, public key and instance.
pub(super) fn key(row: &Row<'_>) -> rusqlite::Result<KeyRecord> {
    let attributes = attributes(row)?;
    let context = Secret::new(row.get(8)?);
    let place = match row.get(6)? {
        None => PlaceRecord::Local { material: context },
        Some(backend) => PlaceRecord::Opaque { backend, identity: row.get(7)?, context, public_key: row.get(9)? },
    };
    Ok(KeyRecord { id: attributes.id, attributes, place, instance: Instance(row.get(10)?) })
}
