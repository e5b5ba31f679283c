//! MD2 (RFC 1319) on RustCrypto's compression function, with its own block, as the state that can be taken out asks for.

use md2::block_api::Md2Core;
use sha2::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha2::digest::common::hazmat::SerializableState;
use zeroize::Zeroizing;

use super::hash::ExtraHash;
use crate::core::primitives::HashState;
use crate::memory::Secret;
use crate::psa::{Error, Result};

const BLOCK: usize = 16;
/// The digest in the making, and the checksum.
const DIGEST: usize = 48;
const CHECKSUM: usize = 16;

/// A hash in the making.
#[derive(Default)]
pub(super) struct Md2 {
    core: Md2Core,
    block: Zeroizing<[u8; BLOCK]>,
    /// How much of the block is filled, always less than all.
    used: usize,
}

impl Md2 {
    /// Goes on from a state: the checksum and then the digest (PSA 1.5, section 10.2.5).
    pub(super) fn resume(state: &HashState) -> Result<Self> {
        let (checksum, digest) = state.chain.split_at_checked(CHECKSUM).ok_or(Error::InvalidArgument)?;
        let serialized = Secret::new([digest, checksum].concat());
        let serialized = serialized.as_slice().try_into().map_err(|_| Error::InvalidArgument)?;
        let core = Md2Core::deserialize(serialized).map_err(|_| Error::InvalidArgument)?;
        let used = state.unprocessed.len();
        if used >= BLOCK {
            return Err(Error::InvalidArgument);
        }
        let mut block = Zeroizing::new([0; BLOCK]);
        block[..used].copy_from_slice(&state.unprocessed);
        Ok(Self { core, block, used })
    }
}

impl ExtraHash for Md2 {
    fn update(&mut self, mut input: &[u8]) -> Result<()> {
        while !input.is_empty() {
            let (now, later) = input.split_at(input.len().min(BLOCK - self.used));
            self.block[self.used..self.used + now.len()].copy_from_slice(now);
            self.used += now.len();
            if self.used == BLOCK {
                self.core.update_blocks(&[(*self.block).into()]);
                self.used = 0;
            }
            input = later;
        }
        Ok(())
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        let rest = self.block.get(..self.used).ok_or(Error::CorruptionDetected)?;
        let mut buffer = Buffer::<Md2Core>::try_new(rest).map_err(|_| Error::CorruptionDetected)?;
        let mut full = [0; BLOCK].into();
        self.core.finalize_fixed_core(&mut buffer, &mut full);
        hash.copy_from_slice(full.get(..hash.len()).ok_or(Error::BufferTooSmall)?);
        Ok(())
    }

    fn duplicate(&self) -> Result<Self> {
        Ok(Self { core: self.core.clone(), block: self.block.clone(), used: self.used })
    }

    fn suspend(&self) -> Result<HashState> {
        let serialized = Zeroizing::new(self.core.serialize());
        let (digest, checksum) = serialized.split_at_checked(DIGEST).ok_or(Error::CorruptionDetected)?;
        Ok(HashState {
            input_length: self.used as u128,
            chain: Secret::new([checksum, digest].concat()),
            unprocessed: Secret::new(self.block.get(..self.used).unwrap_or_default().to_vec()),
        })
    }
}
