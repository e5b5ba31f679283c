//! libparsec through its C interface, side by side with what a user could pick instead.
//!
//! `make bench` runs it on fresh devices; `cargo bench` alone leaves the devices out. Arguments that are not options
//! select the rows whose names contain one of them.

mod chart;
mod dynamic_library;
mod goals;
mod measure;
mod operations;
mod opponents;
mod report;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::{env, fs, io};

use operations::processes;
use opponents::Opponents;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo passes options for the standard harness.
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let release = release_directory()?;
    let library = release.join("libparsec.so");
    let library = library.to_str().ok_or("the path of the library is not UTF-8")?;
    let mut output = io::stdout().lock();
    if let [processes::CHILD, side] = wanted.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return Ok(processes::run(side, library)?);
    }
    let opponents = Opponents::load(library)?;
    let mut measured = Vec::new();
    for row in operations::rows(opponents)? {
        if wanted.is_empty() || wanted.iter().any(|part| row.name.contains(part)) {
            measured.push(row.measure()?);
        }
    }
    output.write_all(report::table(&measured).as_bytes())?;
    if wanted.is_empty() {
        let directory = release.parent().ok_or("no target directory")?.join("bench");
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("results.json"), report::json(&measured))?;
        fs::write(directory.join("chart.svg"), chart::svg(&measured))?;
        writeln!(output, "written to {}: results.json, chart.svg", directory.display())?;
    }
    Ok(())
}

/// Where cargo puts the library: above this program, which is in `deps`.
fn release_directory() -> Result<PathBuf, Box<dyn Error>> {
    let program = env::current_exe()?;
    Ok(program.ancestors().nth(2).ok_or("not built by cargo")?.to_owned())
}
