//! What was measured, as a table for people and as JSON for programs.

use std::fmt::Write;

use crate::goals;
use crate::measure::{Measured, Timing};
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL};

/// The opponents with a column of their own.
pub const COLUMNS: [&str; 3] = [ENGINE, MBED_TLS, OPENSSL];

/// The table. A quotient tells how many times as fast libparsec is; a row that misses its goal says so.
pub fn table(rows: &[Measured]) -> String {
    let mut text = String::new();
    let heading = COLUMNS.map(|name| format!("{name:>9}")).join(" ");
    let _ = writeln!(text, "{:<32} {:>10} {:>6} {heading}  others", "times as fast as", "libparsec", "spread");
    for row in rows {
        let Some((own, others)) = row.sides.split_first() else { continue };
        let quotients = COLUMNS.map(|name| row.side(name).map_or_else(|| format!("{:>9}", ""), quotient)).join(" ");
        let rest = others.iter().filter(|side| !COLUMNS.contains(&side.name));
        let rest = rest.map(|side| format!("{} {:.2}", side.name, side.ratio)).chain(goals::missed(row));
        let rest: Vec<String> = rest.collect();
        let _ = writeln!(
            text,
            "{:<32} {:>10} {:>5.0}% {quotients}  {}",
            row.name,
            duration(own.median),
            own.spread * 100.0,
            rest.join("; ")
        );
    }
    for name in COLUMNS {
        let _ = writeln!(text, "geometric mean over {name}: {:.2} times as fast", geometric_mean(rows, name));
    }
    text
}

fn quotient(side: &Timing) -> String {
    format!("{:>9.2}", side.ratio)
}

/// The geometric mean of the quotients of all rows in which an opponent took part.
fn geometric_mean(rows: &[Measured], name: &str) -> f64 {
    let logarithms: Vec<f64> = rows.iter().filter_map(|row| row.side(name)).map(|side| side.ratio.ln()).collect();
    (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp()
}

/// A time as people write it.
fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        time if time < 1e3 => format!("{time:.0} ns"),
        time if time < 1e6 => format!("{:.2} us", time / 1e3),
        time => format!("{:.2} ms", time / 1e6),
    }
}

/// The same as JSON. The names are plain ASCII, for which Rust's quoting is JSON's.
pub fn json(rows: &[Measured]) -> String {
    let side = |side: &Timing| {
        format!(
            r#"{{"name":{:?},"median_ns":{:.2},"spread":{:.4},"times_as_fast":{:.4}}}"#,
            side.name, side.median, side.spread, side.ratio
        )
    };
    let row = |row: &Measured| {
        let sides: Vec<String> = row.sides.iter().map(side).collect();
        format!(r#"{{"operation":{:?},"sides":[{}]}}"#, row.name, sides.join(","))
    };
    format!("[\n{}\n]\n", rows.iter().map(row).collect::<Vec<_>>().join(",\n"))
}
