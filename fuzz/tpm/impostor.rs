//! Who answers in the place of a TPM. It is also the other side of the session: the parent that it shows is a point whose
//! private key everybody knows, so that what the library reads behind a proof of origin can be any bytes too.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use parsec::engines::Engine;
use parsec::engines::native::Native;
use parsec::psa::{Algorithm, KeyType};

use super::work::GENERATOR;
use super::{Answer, Input};

const CREATE: u32 = 0x153;
const CREATE_PRIMARY: u32 = 0x131;
const IMPORT: u32 = 0x156;
const LOAD: u32 = 0x157;
const HMAC_START: u32 = 0x15b;
const START_AUTH_SESSION: u32 = 0x176;
/// Tag, size and code.
const HEADER: usize = 10;
const PASSWORD: u32 = 0x4000_0009;
const NONCE: [u8; 32] = [0x42; 32];

/// What is answered to a command; without an answer the connection ends.
pub type Answering = Box<dyn FnMut(&[u8]) -> Option<Vec<u8>> + Send>;

/// A server that speaks TPM commands on a TCP port.
pub struct Impostor {
    pub port: u16,
    answering: Arc<Mutex<Answering>>,
}

impl Impostor {
    /// Serves until the process ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let answering: Arc<Mutex<Answering>> = Arc::new(Mutex::new(Box::new(|_| None)));
        let shared = Arc::clone(&answering);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                serve(client, &shared);
            }
        });
        Self { port, answering }
    }

    /// Decides from now on what is answered.
    pub fn answer(&self, answering: Answering) {
        *self.answering.lock().expect("nobody panics here") = answering;
    }

    /// Answers with what the input has, one after the other.
    pub fn play(&self, input: Input) {
        let mut answers = input.answers.into_iter();
        let mut tpm = Tpm { auth: authorization_value(&input.context), key: Vec::new() };
        self.answer(Box::new(move |command| tpm.response(command, answers.next()?)));
    }
}

fn serve(mut client: TcpStream, answering: &Mutex<Answering>) {
    let _ = client.set_nodelay(true);
    while let Some(command) = message(&mut client) {
        let response = (answering.lock().expect("nobody panics here"))(&command);
        let whole = response.is_some_and(|response| client.write_all(&response).is_ok() && is_whole(&response));
        if !whole {
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn is_whole(response: &[u8]) -> bool {
    response.len() >= HEADER && response[2..6] == (response.len() as u32).to_be_bytes()
}

/// Reads one command or response.
pub fn message(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut message = vec![0; HEADER];
    stream.read_exact(&mut message).ok()?;
    message.resize(number(&message, 2)? as usize, 0);
    stream.read_exact(message.get_mut(HEADER..)?).ok()?;
    Some(message)
}

/// The four bytes at this position.
fn number(bytes: &[u8], position: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(position..position + 4)?.try_into().ok()?))
}

/// The bytes after their length.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// That of the key context's key: its second field.
fn authorization_value(context: &[u8]) -> Vec<u8> {
    let value = context.get(1..).and_then(sized).and_then(|(_parent, rest)| sized(rest));
    value.map(|(value, _)| value.to_vec()).unwrap_or_default()
}

/// How a command is authorized: its session, the nonce of the caller and the attributes.
struct Authorization<'a> {
    session: u32,
    nonce: &'a [u8],
    attributes: u8,
}

impl<'a> Authorization<'a> {
    /// Behind the head, one handle and the size of the area: all commands with an authorization have one handle.
    fn read(command: &'a [u8]) -> Option<Self> {
        if command.get(..2)? != [0x80, 2] {
            return None;
        }
        let session = number(command, HEADER + 8)?;
        let (nonce, rest) = sized(command.get(HEADER + 12..)?)?;
        Some(Self { session, nonce, attributes: *rest.first()? })
    }
}

/// What the impostor knows.
struct Tpm {
    /// The authorization value of the key.
    auth: Vec<u8>,
    /// The session's.
    key: Vec<u8>,
}

impl Tpm {
    fn response(&mut self, command: &[u8], answer: Answer) -> Option<Vec<u8>> {
        match answer {
            Answer::Bytes(bytes) => Some(bytes),
            Answer::Sized(mut bytes) => {
                let size = bytes.len() as u32;
                if let Some(field) = bytes.get_mut(2..6) {
                    field.copy_from_slice(&size.to_be_bytes());
                }
                Some(bytes)
            }
            Answer::Success(content) => self.success(command, &content),
        }
    }

    fn success(&mut self, command: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let code = number(command, 6)?;
        let (handle, parameters) = content.split_at(handle_length(code).min(content.len()));
        if code == START_AUTH_SESSION {
            self.begin_session(command, parameters);
        }
        let (tag, body) = match Authorization::read(command) {
            None => (0x8001_u16, content.to_vec()),
            Some(authorization) => {
                let area = self.prove(&authorization, code, parameters)?;
                let size = (parameters.len() as u32).to_be_bytes();
                (0x8002, [handle, &size, parameters, &area].concat())
            }
        };
        let size = (HEADER + body.len()) as u32;
        Some([&tag.to_be_bytes()[..], &size.to_be_bytes(), &[0; 4], &body].concat())
    }

    /// The TPM's side of a salted session (TPM 2.0 Library, part 1, sections 11.4.10, 17.6.8 and C.6.3). The private key of
    /// the parent is 1, so that the point that both share is the caller's.
    fn begin_session(&mut self, command: &[u8], parameters: &[u8]) -> Option<()> {
        let (caller, rest) = sized(command.get(HEADER + 8..)?)?;
        let (point, _) = sized(rest)?;
        let (x, _) = sized(point)?;
        let (nonce, _) = sized(parameters)?;
        let salt = hash(&[&[0, 0, 0, 1], x, b"SECRET\0", x, &GENERATOR[..32]].concat());
        self.key = hmac(&salt, &[&[0, 0, 0, 1], &b"ATH\0"[..], nonce, caller, &256_u32.to_be_bytes()].concat());
        Some(())
    }

    /// The authorization area of a response (part 1, section 17.6.5).
    fn prove(&self, authorization: &Authorization<'_>, code: u32, parameters: &[u8]) -> Option<Vec<u8>> {
        if authorization.session == PASSWORD {
            return Some(vec![0, 0, 0, 0, 0]);
        }
        // The value of what is above our keys is empty.
        let auth: &[u8] = if matches!(code, CREATE | CREATE_PRIMARY | IMPORT | LOAD) { &[] } else { &self.auth };
        let digest = hash(&[&[0; 4], &code.to_be_bytes()[..], parameters].concat());
        let key = [&self.key, auth].concat();
        let mac = hmac(&key, &[&digest, &NONCE[..], authorization.nonce, &[authorization.attributes]].concat());
        Some([&[0, 32][..], &NONCE, &[authorization.attributes, 0, 32], &mac].concat())
    }
}

/// Bytes of the handle that a response begins with.
pub fn handle_length(code: u32) -> usize {
    if matches!(code, CREATE_PRIMARY | LOAD | HMAC_START | START_AUTH_SESSION) { 4 } else { 0 }
}

pub fn hash(input: &[u8]) -> Vec<u8> {
    let mut hash = vec![0; 32];
    Native.hash().compute(Algorithm::SHA_256, input, &mut hash).expect("SHA-256");
    hash
}

fn hmac(key: &[u8], input: &[u8]) -> Vec<u8> {
    let mut mac = vec![0; 32];
    let key = if key.is_empty() { &[0] } else { key };
    let key = Native.prepare(KeyType::HMAC, 8 * key.len(), key).expect("a key");
    let computing = key.mac().expect("HMAC");
    computing.compute(Algorithm::hmac(Algorithm::SHA_256), input, &mut mac).expect("HMAC");
    mac
}
