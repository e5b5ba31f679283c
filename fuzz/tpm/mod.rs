//! What the library does with a TPM, one operation after the other, and who answers in the place of that TPM.

pub mod impostor;
pub mod work;

/// Persistent handles of the keys that `record_tpm.sh` makes.
pub const PRIMARY: u32 = 0x8100_0001;
pub const ECC: &[u8] = b"0x81010001";
pub const RSA: &[u8] = b"0x81010002";
pub const HMAC: &[u8] = b"0x81010003";
pub const AES: &[u8] = b"0x81010004";

/// One try: what is done, with which key, and what the TPM answers.
pub struct Input {
    pub operation: u8,
    /// Somebody could listen.
    pub encrypts: bool,
    /// The key context, for operations on keys that were made before.
    pub context: Vec<u8>,
    pub answers: Vec<Answer>,
}

/// What comes instead of a response.
#[derive(Clone)]
pub enum Answer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, with the right size in their head.
    Sized(Vec<u8>),
    /// Success with this handle and these parameters, in the frame that the command asks for.
    Success(Vec<u8>),
}

const BUS: u8 = 0x80;
const KIND: u32 = 14;
const LENGTH: u16 = (1 << KIND) - 1;

impl Input {
    /// Any bytes are an input: the operation, then fields after their lengths. The upper two bits of a length say what kind
    /// of answer it is.
    pub fn decode(bytes: &[u8]) -> Self {
        let (first, mut rest) = bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest));
        let mut fields = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk() {
            let head = u16::from_be_bytes(*length);
            let (field, after) = after.split_at(usize::from(head & LENGTH).min(after.len()));
            fields.push((head >> KIND, field.to_vec()));
            rest = after;
        }
        let mut fields = fields.into_iter();
        let context = fields.next().map(|(_, context)| context).unwrap_or_default();
        let answers = fields.map(|(kind, bytes)| match kind {
            0 => Answer::Bytes(bytes),
            1 => Answer::Sized(bytes),
            _ => Answer::Success(bytes),
        });
        Self { operation: first & !BUS, encrypts: first & BUS != 0, context, answers: answers.collect() }
    }

    /// The bytes of an input.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![self.operation | if self.encrypts { BUS } else { 0 }];
        let mut field = |kind: u16, content: &[u8]| {
            bytes.extend_from_slice(&(kind << KIND | content.len() as u16).to_be_bytes());
            bytes.extend_from_slice(content);
        };
        field(0, &self.context);
        for answer in &self.answers {
            match answer {
                Answer::Bytes(content) => field(0, content),
                Answer::Sized(content) => field(1, content),
                Answer::Success(content) => field(2, content),
            }
        }
        bytes
    }
}
