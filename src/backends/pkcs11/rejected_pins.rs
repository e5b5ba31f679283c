//! PINs that tokens rejected: no process of this user tries one of them again, also not a service that is restarted in a
//! loop.
//!
//! A file in the directory of the key store has a line for each: a version, a hash of the token's identity, a salt, and a
//! slow hash of the PIN (PBKDF2, RFC 8018). It is locked while a PIN is tried. Where there is no place for a file, the
//! process remembers for itself and its children.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{digest, pbkdf2};
use once_cell::race::OnceBox;
use subtle::ConstantTimeEq;

use super::adopted::Adopted;
use super::random;
use super::token::Token;
use super::turns::wait_for_lock;
use crate::cause;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, Result};
use crate::store;

/// Name of the file.
const NAME: &str = "rejected-pins";
/// About a tenth of a second (OWASP's advice for PBKDF2 with SHA-256).
const ITERATIONS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();
/// First word of a line.
const VERSION: &str = "1";
/// The oldest lines go when there are more.
const MOST_LINES: usize = 64;
/// Longer files are not ours.
const LONGEST: u64 = 1 << 16;

/// Where rejected PINs are remembered.
pub(super) struct RejectedPins {
    directory: Option<PathBuf>,
    /// By what the last PIN is told together with the lines, and in the lowest bit whether it was among them: as long
    /// as both stay the same, it is not hashed again. 0 where there was none.
    answered: AtomicU64,
}

/// The memory while a PIN is tried: nobody else tries one meanwhile, unless there is no file.
pub(super) struct Held<'a> {
    file: Option<(File, PathBuf)>,
    lines: Vec<Line>,
    answered: &'a AtomicU64,
}

/// One rejection.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    token: [u8; 32],
    salt: [u8; 16],
    hash: [u8; 32],
}

impl RejectedPins {
    /// In a file in this directory, `None` for the memory of this process.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self { directory, answered: AtomicU64::new(0) }
    }

    /// Waits until no other process tries a PIN. `COMMUNICATION_FAILURE` where one does not come to an end.
    pub fn hold(&self) -> Result<Held<'_>> {
        let Some((file, path)) = self.directory.as_deref().and_then(|directory| {
            let opened = store::private_file(directory, NAME.as_ref());
            if opened.is_err() {
                cause::clear();
            }
            opened.ok()
        }) else {
            return Ok(Held { file: None, lines: Vec::new(), answered: &self.answered });
        };
        wait_for_lock(&file, &path, "another process is logging in")?;
        let mut held = Held { file: Some((file, path)), lines: Vec::new(), answered: &self.answered };
        held.read()?;
        Ok(held)
    }
}

impl Held<'_> {
    /// True where a wrong PIN that the token has counted cannot be this one: other processes would have written it down,
    /// or it was this process that gave it.
    pub fn is_complete(&self, token: &Token) -> Result<bool> {
        Ok(self.file.is_some() || IN_PROCESS.contains(told_by(token, &[])?))
    }

    /// True where the token rejected this PIN before.
    pub fn contains(&self, token: &Token, pin: &Secret) -> Result<bool> {
        if IN_PROCESS.contains(told_by(token, pin)?) {
            return Ok(true);
        }
        let lines: Vec<_> = self.lines_of(token).collect();
        if lines.is_empty() {
            return Ok(false);
        }
        let question = told_by_all(token, lines.iter().map(|line| &line.hash), pin)? & !1;
        let answered = self.answered.load(Ordering::Relaxed);
        let found = if answered & !1 == question { answered & 1 == 1 } else { is_among(&lines, pin) };
        self.answered.store(question | u64::from(found), Ordering::Relaxed);
        Ok(found)
    }

    fn lines_of(&self, token: &Token) -> impl Iterator<Item = &Line> {
        let name = Adopted::name_of(token);
        self.lines.iter().filter(move |line| line.token == name)
    }

    /// Remembers that the token rejected this PIN.
    pub fn add(&mut self, token: &Token, pin: &Secret) -> Result<()> {
        let salt = match self.lines_of(token).next() {
            Some(line) => line.salt,
            None => random::fresh()?,
        };
        let line = Line { token: Adopted::name_of(token), salt, hash: slow_hash(&salt, pin) };
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
        if self.write().is_err() {
            IN_PROCESS.add(told_by(token, pin)?);
            IN_PROCESS.add(told_by(token, &[])?);
        }
        Ok(())
    }

    /// What to do where the token was changed to have the PIN that it rejected.
    pub fn hint(&self) -> String {
        match &self.file {
            Some((_, path)) => format!(" (if the token's PIN was changed to it meanwhile, remove {})", path.display()),
            None => String::new(),
        }
    }

    fn read(&mut self) -> Result<()> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let mut text = String::new();
        if let Err(error) = file.take(LONGEST).read_to_string(&mut text) {
            return fail!(StorageFailure, "{}: {error}", path.display());
        }
        // What is not understood, such as half a line, is of a later version or of a crash.
        self.lines = text.lines().filter_map(Line::parse).collect();
        Ok(())
    }

    /// Writes all lines, lastingly. The file is locked, and a crash in the middle loses old lines at most.
    fn write(&mut self) -> std::io::Result<()> {
        let Some((file, _)) = &mut self.file else { return Err(std::io::ErrorKind::Unsupported.into()) };
        let first = self.lines.len().saturating_sub(MOST_LINES);
        let text: String = self.lines.iter().skip(first).map(Line::to_text).collect();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        file.sync_data()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some((file, _)) = &self.file {
            // Explicitly: a child that was forked meanwhile has the open file too.
            let _ = file.unlock();
        }
    }
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        if words.next()? != VERSION {
            return None;
        }
        let line = Self { token: bytes(words.next()?)?, salt: bytes(words.next()?)?, hash: bytes(words.next()?)? };
        words.next().is_none().then_some(line)
    }

    fn to_text(&self) -> String {
        format!("{VERSION} {} {} {}\n", hex(&self.token), hex(&self.salt), hex(&self.hash))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))? as u8;
    }
    Some(bytes)
}

fn is_among(lines: &[&Line], pin: &Secret) -> bool {
    let mut computed: Option<([u8; 16], [u8; 32])> = None;
    for line in lines {
        // All lines of a token have the same salt, so that one computation serves them all.
        let hash = match computed {
            Some((salt, hash)) if salt == line.salt => hash,
            _ => slow_hash(&line.salt, pin),
        };
        computed = Some((line.salt, hash));
        if hash.ct_eq(&line.hash).into() {
            return true;
        }
    }
    false
}

fn slow_hash(salt: &[u8; 16], pin: &Secret) -> [u8; 32] {
    let mut hash = [0; 32];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, pin, &mut hash);
    hash
}

/// Tells PINs of tokens apart within this process, without keeping them. Never 0; the empty PIN stands for any.
pub(super) fn told_by(token: &Token, pin: &[u8]) -> Result<u64> {
    told_by_all(token, std::iter::empty(), pin)
}

/// The same for a PIN and the hashes of those that were rejected.
fn told_by_all<'a>(token: &Token, rejected: impl Iterator<Item = &'a [u8; 32]>, pin: &[u8]) -> Result<u64> {
    static SALT: OnceBox<[u8; 32]> = OnceBox::new();
    let salt = SALT.get_or_try_init(|| random::fresh().map(Box::new))?;
    // Its state is wiped, and not moved about on the stack.
    let mut hash = digest::Context::new(&digest::SHA256);
    [&salt[..], &Adopted::name_of(token)].into_iter().for_each(|part| hash.update(part));
    rejected.for_each(|rejected| hash.update(rejected));
    hash.update(pin);
    match hash.finish().as_ref().first_chunk() {
        Some(first) => Ok(u64::from_le_bytes(*first).max(1)),
        None => Err(Error::CorruptionDetected),
    }
}

/// Rejections that could not be written down, known to this process and the children that it forks from now on.
/// Without locks, so that a child inherits it whatever its parent was doing.
static IN_PROCESS: List = List { first: OnceBox::new() };

struct List {
    first: OnceBox<Node>,
}

struct Node {
    told_by: u64,
    next: OnceBox<Node>,
}

impl List {
    fn contains(&self, told_by: u64) -> bool {
        let mut place = &self.first;
        while let Some(node) = place.get() {
            if node.told_by == told_by {
                return true;
            }
            place = &node.next;
        }
        false
    }

    fn add(&self, told_by: u64) {
        let mut node = Box::new(Node { told_by, next: OnceBox::new() });
        let mut place = &self.first;
        // A place that is taken is that of another rejection: ours goes behind it.
        while let Err(back) = place.set(node) {
            node = back;
            let Some(taken) = place.get() else { return };
            place = &taken.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let line = Line { token: [1; 32], salt: [2; 16], hash: [0xfe; 32] };
        let text = line.to_text();
        assert!(Line::parse(text.trim_end()) == Some(line));
        for wrong in
            ["", "1", "2 00 00 00", &text[..text.len() - 2], &text.replace("fe", "+f"), &text.replace('1', "é")]
        {
            assert!(Line::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_list_keeps_all() {
        let list = List { first: OnceBox::new() };
        for number in 1..5 {
            assert!(!list.contains(number));
            list.add(number);
        }
        assert!((1..5).all(|number| list.contains(number)));
    }
}
