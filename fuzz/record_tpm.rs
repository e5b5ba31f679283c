//! Records what a real TPM answers, as the first inputs of the fuzzer `tpm_response`: `record_tpm.sh` runs it.
//!
//! Arguments: the port of the TPM, where `record_tpm.sh` has made some keys, and a directory.

#[allow(dead_code)]
#[path = "tpm/mod.rs"]
mod tpm;

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parsec::backends::Backend;

use tpm::impostor::{Impostor, handle_length, hash, message};
use tpm::work::{self, GENERATOR, OPERATIONS, Operation, Parent};
use tpm::{Answer, Input, PRIMARY};

const TIMEOUT: Duration = Duration::from_secs(20);
const READ_PUBLIC: u32 = 0x173;

fn main() {
    let [_, port, directory] = &std::env::args().collect::<Vec<_>>()[..] else { panic!("a port and a directory") };
    let port = port.parse().expect("a port");
    let impostor = Impostor::start();
    for (number, operation) in OPERATIONS.iter().enumerate() {
        for encrypts in [false, true] {
            // Behind a parent that is made nobody can take the TPM's side of a session.
            if encrypts && operation.parent == Parent::Made {
                continue;
            }
            let input = record(&impostor, port, number as u8, operation, encrypts);
            let name = format!("{}-{}", operation.name, if encrypts { "encrypted" } else { "trusted" });
            std::fs::write(Path::new(directory).join(&name), input.encode()).expect("a file");
            println!("{name}: {} answers", input.answers.len());
        }
    }
}

fn record(impostor: &Impostor, port: u16, number: u8, operation: &Operation, encrypts: bool) -> Input {
    let backend = work::backend(impostor.port, encrypts, operation.parent, operation.bound, TIMEOUT);
    impostor.answer(Box::new(move |command| forward(port, command)));
    let context = operation.prepare.map(|prepare| prepare(&backend).expect(operation.name)).unwrap_or_default();
    backend.close();
    let answers = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&answers);
    impostor.answer(Box::new(move |command| {
        let response = forward(port, command)?;
        recorded.lock().expect("nobody panics here").push(answer(command, &response)?);
        Some(response)
    }));
    (operation.run)(&backend, &context).expect(operation.name);
    let answers = answers.lock().expect("nobody panics here").clone();
    Input { operation: number, encrypts, context: with_known_parent(context, operation.parent), answers }
}

fn forward(port: u16, command: &[u8]) -> Option<Vec<u8>> {
    let mut tpm = TcpStream::connect(("127.0.0.1", port)).ok()?;
    tpm.write_all(command).ok()?;
    message(&mut tpm)
}

/// The handle and the parameters; the frame, and with it the proof of origin, is made anew for each command.
fn answer(command: &[u8], response: &[u8]) -> Option<Answer> {
    let word =
        |bytes: &[u8], position: usize| Some(u32::from_be_bytes(bytes.get(position..position + 4)?.try_into().ok()?));
    let (code, body) = (word(command, 6)?, response.get(10..)?);
    if word(response, 6)? != 0 {
        return Some(Answer::Sized(response.to_vec()));
    }
    if code == READ_PUBLIC && word(command, 10)? == PRIMARY {
        return Some(Answer::Success(known_parent()));
    }
    if response.get(..2)? == [0x80, 1] {
        return Some(Answer::Success(body.to_vec()));
    }
    let (handle, rest) = body.split_at_checked(handle_length(code))?;
    let parameters = rest.get(4..4 + word(rest, 0)? as usize)?;
    Some(Answer::Success([handle, parameters].concat()))
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

/// The public area of a storage key on P-256 (TPM 2.0 Library, part 2, section 12.2.4) whose private key is 1.
fn known_public() -> Vec<u8> {
    let (x, y) = GENERATOR.split_at(32);
    // ECC with a name by SHA-256; fixed, made by the TPM, used with its value, restricted to decrypt.
    let head = [0, 0x23, 0, 0x0b, 0, 3, 4, 0x72, 0, 0];
    // AES-128-CFB, no scheme, P-256, no key derivation.
    let parameters = [0, 6, 0, 128, 0, 0x43, 0, 0x10, 0, 3, 0, 0x10];
    [&head[..], &parameters, &sized(x), &sized(y)].concat()
}

fn name(public: &[u8]) -> Vec<u8> {
    [&[0, 0x0b][..], &hash(public)].concat()
}

/// What TPM2_ReadPublic says of that key: public area, name, and qualified name below the owner.
fn known_parent() -> Vec<u8> {
    let public = known_public();
    let name = name(&public);
    let qualified = self::name(&[&[0x40, 0, 0, 1][..], &name].concat());
    [sized(&public), sized(&name), sized(&qualified)].concat()
}

/// The context of a key, below that parent.
fn with_known_parent(mut context: Vec<u8>, parent: Parent) -> Vec<u8> {
    if parent == Parent::Provisioned && !context.is_empty() {
        // Behind the version: the parent's name, after its length.
        context.splice(1..1 + 2 + 34, sized(&name(&known_public())));
    }
    context
}
