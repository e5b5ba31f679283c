//! The commands of the TPM: encoded, authorized, sent, waited for, and their responses checked and read.
//!
//! One command is one call of [`Tpm::run`]. The commands themselves are in `commands/`: one short method each.

mod keys;
mod policy;
mod queries;
mod symmetric;

use std::time::{Duration, Instant};

use super::errors::{Failure, local, tcti};
use super::session::{Beginning, Response as SessionResponse, Session, Use};
use super::tcti::{Transport, Way};
use super::wire::{Reader, Writer};
use crate::memory::Secret;

pub(super) use keys::{Created, Signature};
pub(super) use queries::{Capabilities, Lockout, Seen};
pub(super) use symmetric::{CipherMode, MAX_BUFFER};

/// The outcome of a command.
pub(super) type Outcome<T> = ::core::result::Result<T, Failure>;

/// Between tries of a command that the TPM asks to repeat we wait this long, then twice as long, up to a limit.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// `TPM_ST_NO_SESSIONS`.
const NO_SESSIONS: u16 = 0x8001;
/// `TPM_ST_SESSIONS`.
const SESSIONS: u16 = 0x8002;
/// `TPM_RS_PW`: the authorization value itself.
const PASSWORD: u32 = 0x4000_0009;
/// `TPM_RH_NULL`.
pub(super) const NULL_HIERARCHY: u32 = 0x4000_0007;
/// `TPM_RH_OWNER`.
pub(super) const OWNER: u32 = 0x4000_0001;
/// What the handles of transient objects begin with (part 2, section 7.2).
const TRANSIENT: u8 = 0x80;
const HMAC_SESSION: u8 = 0x02;
/// Tag, size and code.
const HEADER: usize = 10;

/// An object in the TPM, with what authorizes its use.
#[derive(Clone)]
pub(super) struct Object {
    pub(super) handle: u32,
    /// Its name: the hash of its public area, or the handle of what has none.
    pub(super) name: Vec<u8>,
    auth: Secret,
    /// The registers that it is bound to (TPML_PCR_SELECTION); empty for most.
    registers: Vec<u8>,
    /// It is somebody else's, whose parent and hierarchy may not be ours to use.
    borrowed: bool,
}

impl Object {
    /// An object whose authorization value is empty.
    pub(super) fn new(handle: u32, name: Vec<u8>) -> Self {
        Self { handle, name, auth: Secret::default(), registers: Vec::new(), borrowed: false }
    }

    /// A key of somebody else's.
    pub(super) fn borrowed(self) -> Self {
        Self { borrowed: true, ..self }
    }

    /// The owner hierarchy, whose authorization creates primary keys.
    pub(super) fn owner(auth: &[u8]) -> Self {
        Self::permanent(OWNER).with_auth(auth)
    }

    /// The hierarchy that a reset ends; everybody may use it.
    pub(super) fn null_hierarchy() -> Self {
        Self::permanent(NULL_HIERARCHY)
    }

    fn permanent(handle: u32) -> Self {
        Self::new(handle, handle.to_be_bytes().to_vec())
    }

    /// The same, bound to these registers.
    pub(super) fn bound_to(mut self, registers: &[u8]) -> Self {
        self.registers = registers.to_vec();
        self
    }

    /// True where it has an authorization value.
    pub(super) fn has_auth(&self) -> bool {
        !self.auth.is_empty()
    }

    /// The same with its authorization value, whose zeros at the end the TPM cuts off.
    pub(super) fn with_auth(mut self, auth: &[u8]) -> Self {
        let length = auth.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.auth = auth.get(..length).unwrap_or_default().to_vec().into();
        self
    }
}

/// What of a command is secret, apart from authorization values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Secrecy {
    #[default]
    Nothing,
    /// Its first parameter.
    Input,
    /// The first parameter of its response.
    Output,
    /// Both.
    Both,
}

/// A command before it is sent.
struct Command<'a> {
    name: &'static str,
    code: u32,
    handles: Vec<&'a Object>,
    /// The first handle is authorized.
    authorized: bool,
    /// The response begins with a handle of this kind: its first byte.
    makes_handle: Option<u8>,
    secrecy: Secrecy,
    /// What is secret is so on every bus.
    always: bool,
    parameters: Writer,
}

impl<'a> Command<'a> {
    fn new(name: &'static str, code: u32) -> Self {
        Self {
            name,
            code,
            handles: Vec::new(),
            authorized: false,
            makes_handle: None,
            secrecy: Secrecy::Nothing,
            always: false,
            parameters: Writer::new(),
        }
    }

    /// The next handle; it needs no authorization.
    fn handle(mut self, object: &'a Object) -> Self {
        self.handles.push(object);
        self
    }

    /// The first handle, whose authorization the command takes.
    fn authorized(mut self, object: &'a Object) -> Self {
        self.authorized = true;
        self.handle(object)
    }

    fn makes_object(mut self) -> Self {
        self.makes_handle = Some(TRANSIENT);
        self
    }

    fn makes_session(mut self, kind: u8) -> Self {
        self.makes_handle = Some(kind);
        self
    }

    /// Secret on a bus that somebody can listen to.
    fn secret(mut self, secrecy: Secrecy) -> Self {
        self.secrecy = secrecy;
        self
    }

    /// Secret on every bus.
    fn always_secret(mut self, secrecy: Secrecy) -> Self {
        self.always = true;
        self.secret(secrecy)
    }

    fn with(mut self, parameters: impl FnOnce(Writer) -> Writer) -> Self {
        self.parameters = parameters(self.parameters);
        self
    }

    fn auth(&self) -> &'a [u8] {
        match self.handles.first() {
            Some(object) if self.authorized => &object.auth,
            _ => &[],
        }
    }

    /// The registers that the authorized object is bound to.
    fn registers(&self) -> &'a [u8] {
        match self.handles.first() {
            Some(object) if self.authorized => &object.registers,
            _ => &[],
        }
    }

    fn malformed(&self) -> Failure {
        Failure::new(self.name, tcti::MALFORMED_RESPONSE)
    }
}

/// The answer to a command that succeeded.
struct Response {
    command: &'static str,
    handle: u32,
    parameters: Secret,
}

impl Response {
    /// Reads the parameters; what `read` leaves or misses makes the response a garbled one.
    fn read<T>(&self, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Outcome<T> {
        let mut reader = Reader::new(&self.parameters);
        let value = read(&mut reader);
        let whole = reader.end();
        value.filter(|_| whole.is_some()).ok_or(Failure::new(self.command, tcti::MALFORMED_RESPONSE))
    }

    /// The only parameter, bytes with their length.
    fn bytes(&self) -> Outcome<Secret> {
        self.read(|reader| Some(reader.sized()?.to_vec().into()))
    }
}

/// A way to the TPM and what it takes to use it.
pub(super) struct Tpm {
    transport: Box<dyn Transport>,
    timeout: Duration,
    /// Whatever is secret goes through the session.
    encrypts: bool,
    session: Option<Session>,
    /// For keys that are bound to registers.
    policy: Option<Session>,
    wants_policy: bool,
    /// The process that opened it. In a forked child it is the parent's, and nobody may use it.
    process: u32,
}

impl Tpm {
    /// Connects to the TPM.
    pub(super) fn open(way: &Way, timeout: Duration, encrypts: bool) -> Outcome<Self> {
        let transport = way.open(timeout).map_err(|broken| Failure::of_way("connect", broken))?;
        Ok(Self {
            transport,
            timeout,
            encrypts,
            session: None,
            policy: None,
            wants_policy: false,
            process: std::process::id(),
        })
    }

    /// True in a child of the process that opened it.
    pub(super) fn is_inherited(&self) -> bool {
        std::process::id() != self.process
    }

    /// True where somebody can listen.
    pub(super) fn encrypts(&self) -> bool {
        self.encrypts
    }

    /// True where secrets can be exchanged.
    pub(super) fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// TPM2_StartAuthSession: the kept session, salted with a loaded key. It replaces the one before, which must be
    /// gone.
    pub(super) fn start_session(&mut self, salt_key: &Object, beginning: &Beginning) -> Outcome<()> {
        /// `TPM_SE_HMAC`.
        const HMAC: u8 = 0;
        self.session = Some(self.begin(salt_key, beginning, HMAC, HMAC_SESSION)?);
        Ok(())
    }

    /// Begins a session of this kind, whose handles have this first byte.
    fn begin(&mut self, salt_key: &Object, beginning: &Beginning, kind: u8, handles: u8) -> Outcome<Session> {
        use super::identifiers::{AES, CFB, SHA_256};
        let command = Command::new("StartAuthSession", 0x176);
        let nobody = Object::null_hierarchy();
        let command = command.handle(salt_key).handle(&nobody).makes_session(handles).with(|parameters| {
            let parameters = parameters.sized(&beginning.nonce).sized(&beginning.salt.encrypted).byte(kind);
            parameters.half(AES).half(super::session::KEY_BITS).half(CFB).half(SHA_256)
        });
        let name = command.name;
        let response = self.run(command)?;
        let session = response.read(|reader| beginning.session(response.handle, reader.sized()?).ok());
        session.map_err(|_| Failure::new(name, tcti::MALFORMED_RESPONSE))
    }

    /// The handles of the sessions.
    pub(super) fn session_handles(&self) -> Vec<u32> {
        self.session.iter().chain(&self.policy).map(|session| session.handle).collect()
    }

    /// Forgets the sessions, which the TPM does not have any more.
    pub(super) fn forget_sessions(&mut self) {
        self.session = None;
        self.policy = None;
    }

    /// Takes all sessions out of the TPM.
    pub(super) fn end_sessions(&mut self) -> Outcome<()> {
        let policy = self.policy.take();
        let ended = policy.map_or(Ok(()), |session| self.flush(session.handle));
        self.end_session().and(ended)
    }

    /// Takes the session out of the TPM.
    pub(super) fn end_session(&mut self) -> Outcome<()> {
        match self.session.take() {
            Some(session) => self.flush(session.handle),
            None => Ok(()),
        }
    }

    /// Sends a command and reads its response.
    fn run(&mut self, command: Command<'_>) -> Outcome<Response> {
        match command.registers() {
            [] if self.needs_session(&command) => self.run_in_session(command),
            [] => {
                let bytes = self.encode(&command, None)?;
                let response = self.exchange(command.name, &bytes)?;
                self.decode(&command, None, &response)
            }
            registers => self.run_bound(command, registers),
        }
    }

    fn run_in_session(&mut self, mut command: Command<'_>) -> Outcome<Response> {
        let current = self.enter_session(&mut command)?;
        let bytes = self.encode(&command, Some(&current))?;
        let response = self.exchange(command.name, &bytes)?;
        self.decode(&command, Some(&current), &response)
    }

    fn needs_session(&self, command: &Command<'_>) -> bool {
        let secret = command.secrecy != Secrecy::Nothing || !command.auth().is_empty();
        let always = command.always && !command.handles.iter().any(|object| object.borrowed);
        always || self.encrypts && secret
    }

    /// Encrypts the first parameter where it is secret. Without a session nothing is sent: who has the parent begins one.
    fn enter_session(&self, command: &mut Command<'_>) -> Outcome<Use> {
        let session = self.session.as_ref().ok_or(Failure::new(command.name, local::NO_SESSION))?;
        let input = matches!(command.secrecy, Secrecy::Input | Secrecy::Both);
        let output = matches!(command.secrecy, Secrecy::Output | Secrecy::Both);
        let internal = |_| Failure::new(command.name, local::GENERAL_FAILURE);
        let current = session.start(command.auth(), input, output).map_err(internal)?;
        if let Some(first) = first_parameter(command.parameters.bytes_mut()) {
            session.encrypt(&current, first).map_err(internal)?;
        }
        Ok(current)
    }

    /// The bytes of a command (part 1, section 18).
    fn encode(&self, command: &Command<'_>, current: Option<&Use>) -> Outcome<Secret> {
        let names = command.handles.iter().flat_map(|object| object.name.iter().copied()).collect::<Vec<_>>();
        let parameters = command.parameters.bytes();
        let area = match (&self.session, current) {
            (Some(session), Some(current)) => {
                let area = session.authorization(current, command.code, &names, parameters);
                area.map_err(|_| Failure::new(command.name, local::GENERAL_FAILURE))?.into()
            }
            _ if command.authorized => Writer::new().word(PASSWORD).sized(&[]).byte(0).sized(command.auth()).finish(),
            _ => Secret::default(),
        };
        let has_area = !area.is_empty();
        let size = HEADER + 4 * command.handles.len() + if has_area { 4 + area.len() } else { 0 } + parameters.len();
        let mut writer = Writer::new().half(if has_area { SESSIONS } else { NO_SESSIONS });
        writer = writer.word(size as u32).word(command.code);
        writer = command.handles.iter().fold(writer, |writer, object| writer.word(object.handle));
        if has_area {
            writer = writer.word(area.len() as u32).raw(&area);
        }
        Ok(writer.raw(parameters).finish())
    }

    /// Exchanges bytes, repeating the command while the TPM asks for that and time is left.
    fn exchange(&mut self, name: &'static str, command: &[u8]) -> Outcome<Secret> {
        let deadline = Instant::now() + self.timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            let mut response = Secret::new(Vec::with_capacity(HEADER));
            let received = self.transport.exchange(command, &mut response, deadline);
            received.map_err(|broken| Failure::of_way(name, broken))?;
            let failure = match code(&response) {
                Some(0) => return Ok(response),
                Some(code) => Failure::new(name, code),
                None => return Err(Failure::new(name, tcti::MALFORMED_RESPONSE)),
            };
            if !failure.asks_to_retry() || Instant::now() + pause >= deadline {
                return Err(failure);
            }
            std::thread::sleep(pause);
            pause = LONGEST_PAUSE.min(2 * pause);
        }
    }

    /// Takes a successful response apart: handle, parameters and, in a session, the proof of where it comes from.
    fn decode(&mut self, command: &Command<'_>, current: Option<&Use>, response: &[u8]) -> Outcome<Response> {
        let body = response.get(HEADER..).unwrap_or_default();
        let has_area = current.is_some() || command.authorized;
        let tag = if has_area { SESSIONS } else { NO_SESSIONS };
        let parts = (response.get(..2) == Some(&tag.to_be_bytes()[..]))
            .then(|| split(Reader::new(body), command.makes_handle, has_area))
            .flatten();
        let (handle, parameters, area) = parts.ok_or(command.malformed())?;
        let mut parameters = Secret::new(parameters.to_vec());
        if let (Some(current), Some(area)) = (current, area) {
            let internal = |_| Failure::new(command.name, local::GENERAL_FAILURE);
            let session = self.session.as_mut().ok_or(Failure::new(command.name, local::NO_SESSION))?;
            if !session.accepts(current, command.code, &parameters, area).map_err(internal)? {
                return Err(Failure::new(command.name, local::RESPONSE_REFUSED));
            }
            if matches!(command.secrecy, Secrecy::Output | Secrecy::Both) {
                let first = first_parameter(&mut parameters).ok_or(command.malformed())?;
                session.decrypt(current, first).map_err(internal)?;
            }
        }
        Ok(Response { command: command.name, handle, parameters })
    }
}

/// The content of the first parameter, where that is bytes with their length.
fn first_parameter(parameters: &mut [u8]) -> Option<&mut [u8]> {
    let (length, rest) = parameters.split_first_chunk_mut()?;
    rest.get_mut(..usize::from(u16::from_be_bytes(*length)))
}

/// The code of a response whose header is in order.
fn code(response: &[u8]) -> Option<u32> {
    let mut reader = Reader::new(response);
    let (tag, size, code) = (reader.half()?, reader.word()?, reader.word()?);
    // TPM 1.2 and a TPM that does not know the tag of the command answer with another one (part 3, section 5.2).
    (matches!(tag, SESSIONS | NO_SESSIONS) && size as usize == response.len()).then_some(code)
}

/// Handle, parameters and authorization area of a response's body.
fn split(
    mut reader: Reader<'_>,
    kind: Option<u8>,
    has_area: bool,
) -> Option<(u32, &[u8], Option<SessionResponse<'_>>)> {
    let handle = match kind {
        Some(kind) => reader.word().filter(|handle| handle >> 24 == u32::from(kind))?,
        None => 0,
    };
    if !has_area {
        return Some((handle, reader.rest(), None));
    }
    let length = reader.word()?;
    let parameters = reader.raw(length as usize)?;
    let area = SessionResponse { nonce: reader.sized()?, attributes: reader.byte()?, mac: reader.sized()? };
    reader.end()?;
    Some((handle, parameters, Some(area)))
}
