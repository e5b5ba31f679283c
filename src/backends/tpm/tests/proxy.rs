//! Stands between us and a TPM: counts the commands, keeps the bytes, and can answer in the TPM's place.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::swtpm::free_ports;

pub(super) const CREATE_PRIMARY: u32 = 0x131;
pub(super) const CREATE: u32 = 0x153;
pub(super) const IMPORT: u32 = 0x156;
pub(super) const LOAD: u32 = 0x157;
pub(super) const RSA_DECRYPT: u32 = 0x159;
pub(super) const ECDH_ZGEN: u32 = 0x154;
pub(super) const HMAC: u32 = 0x155;
pub(super) const ENCRYPT_DECRYPT_2: u32 = 0x193;
pub(super) const HMAC_START: u32 = 0x15b;
pub(super) const UNSEAL: u32 = 0x15e;
pub(super) const POLICY_PCR: u32 = 0x17f;
pub(super) const POLICY_AUTH_VALUE: u32 = 0x16b;
pub(super) const SIGN: u32 = 0x15d;
pub(super) const SEQUENCE_UPDATE: u32 = 0x15c;
pub(super) const SEQUENCE_COMPLETE: u32 = 0x13e;
pub(super) const READ_PUBLIC: u32 = 0x173;
pub(super) const GET_RANDOM: u32 = 0x17b;
pub(super) const FLUSH_CONTEXT: u32 = 0x165;
pub(super) const START_AUTH_SESSION: u32 = 0x176;
pub(super) const GET_CAPABILITY: u32 = 0x17a;

/// What happens to a command.
pub(super) enum Answer {
    /// The TPM gets it.
    Pass,
    /// The TPM does not get it, and these bytes are the response.
    Bytes(Vec<u8>),
    /// The TPM gets it, and only so many bytes of its response arrive.
    Cut(usize),
    /// The TPM gets it, and one bit of the byte at this position of its response is wrong.
    Altered(usize),
    /// The same for these bits, and for a position that is counted round and round.
    Mutated(usize, u8),
    /// The TPM gets it, and its response comes after this time.
    Late(Duration),
    /// Nothing ever comes back, until the client goes away.
    Silence,
}

impl Answer {
    /// The response of a TPM that failed with this code.
    pub(super) fn code(code: u32) -> Self {
        Self::Bytes([&[0x80, 0x01, 0, 0, 0, 10][..], &code.to_be_bytes()].concat())
    }
}

type Rule = Box<dyn FnMut(u32) -> Answer + Send>;

/// A running proxy; it ends with this value.
pub(super) struct Proxy {
    pub(super) port: u16,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

struct Shared {
    target: u16,
    commands: Mutex<Vec<u32>>,
    /// What went to the TPM and came back.
    wire: Mutex<Vec<u8>>,
    rule: Mutex<Rule>,
    ended: AtomicBool,
}

impl Proxy {
    pub(super) fn start(target: u16) -> Self {
        Self::listen(target, TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// With the control port of swtpm behind it, which the TSS wants.
    pub(super) fn start_with_control(target: u16) -> Self {
        let port = free_ports();
        let control = TcpListener::bind(("127.0.0.1", port + 1)).unwrap();
        std::thread::spawn(move || {
            for client in control.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", target + 1)).unwrap());
                let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || pass_on(forth, server));
                std::thread::spawn(move || pass_on(back, client));
            }
        });
        Self::listen(target, TcpListener::bind(("127.0.0.1", port)).unwrap())
    }

    fn listen(target: u16, listener: TcpListener) -> Self {
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            target,
            commands: Mutex::default(),
            wire: Mutex::default(),
            rule: Mutex::new(Box::new(|_| Answer::Pass)),
            ended: AtomicBool::new(false),
        });
        let accept = Arc::clone(&shared);
        let listener = std::thread::spawn(move || {
            for client in listener.incoming() {
                if accept.ended.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&accept);
                std::thread::spawn(move || shared.serve(client.unwrap()));
            }
        });
        Self { port, shared, listener: Some(listener) }
    }

    /// Forgets the commands so far.
    pub(super) fn reset(&self) {
        self.shared.commands.lock().unwrap().clear();
    }

    /// The codes of the commands since.
    pub(super) fn commands(&self) -> Vec<u32> {
        self.shared.commands.lock().unwrap().clone()
    }

    /// True where these bytes went over the wire, in one piece.
    pub(super) fn has_seen(&self, bytes: &[u8]) -> bool {
        self.shared.wire.lock().unwrap().windows(bytes.len()).any(|window| window == bytes)
    }

    /// Decides from now on what happens to each command.
    pub(super) fn rule(&self, rule: impl FnMut(u32) -> Answer + Send + 'static) {
        *self.shared.rule.lock().unwrap() = Box::new(rule);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(listener) = self.listener.take() {
            listener.join().unwrap();
        }
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream) {
        while let Some(command) = message(&mut client) {
            let code = u32::from_be_bytes(command[6..10].try_into().unwrap());
            self.commands.lock().unwrap().push(code);
            self.wire.lock().unwrap().extend_from_slice(&command);
            let answer = (self.rule.lock().unwrap())(code);
            let response = match answer {
                Answer::Bytes(ref bytes) => bytes.clone(),
                Answer::Silence => {
                    let _ = client.read(&mut [0]);
                    return;
                }
                Answer::Pass | Answer::Late(_) | Answer::Cut(_) | Answer::Altered(_) | Answer::Mutated(..) => {
                    let mut response = forward(self.target, &command);
                    match answer {
                        Answer::Late(delay) => std::thread::sleep(delay),
                        Answer::Cut(length) => response.truncate(length),
                        Answer::Altered(position) => response[position] ^= 1,
                        Answer::Mutated(position, bits) => {
                            let length = response.len();
                            response[position % length] ^= bits;
                        }
                        _ => {}
                    }
                    response
                }
            };
            self.wire.lock().unwrap().extend_from_slice(&response);
            // A resource manager stays connected, as long as it gets responses.
            let whole = matches!(answer, Answer::Pass) || is_whole(&response);
            if client.write_all(&response).is_err() || !whole {
                let _ = client.shutdown(Shutdown::Both);
                return;
            }
        }
    }
}

/// Whatever comes, until there is no more.
fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

fn is_whole(response: &[u8]) -> bool {
    response.len() >= 10 && response[2..6] == (response.len() as u32).to_be_bytes()
}

/// What the TPM at this port answers; nothing where it is gone.
pub(super) fn forward(port: u16, command: &[u8]) -> Vec<u8> {
    let Ok(mut tpm) = TcpStream::connect(("127.0.0.1", port)) else { return Vec::new() };
    tpm.write_all(command).unwrap();
    message(&mut tpm).unwrap_or_default()
}

/// Reads one command or response.
pub(super) fn message(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut message = vec![0; 10];
    stream.read_exact(&mut message).ok()?;
    let size = u32::from_be_bytes(message[2..6].try_into().unwrap());
    message.resize(size as usize, 0);
    stream.read_exact(&mut message[10..]).ok()?;
    Some(message)
}
