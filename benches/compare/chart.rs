//! What was measured, as a chart: one line per operation, one dot per opponent, on a logarithmic scale.

use std::fmt::Write;

use crate::measure::Measured;
use crate::report::COLUMNS;

const COLORS: [&str; COLUMNS.len()] = ["#1b7837", "#b2182b", "#2166ac"];
const LINE: f64 = 18.0;
const TOP: f64 = 60.0;
const LEFT: f64 = 260.0;
const WIDTH: f64 = 900.0;
const RIGHT: f64 = 20.0;
/// The ends of the scale: half as fast, and 300 times as fast.
const SCALE: (f64, f64) = (0.5, 300.0);
const MARKS: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0];

/// The chart as SVG.
pub fn svg(rows: &[Measured]) -> String {
    let height = TOP + LINE * rows.len() as f64 + 20.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"18\" font-size=\"14\">How many times as fast libparsec is</text>\n"
    );
    for (index, (name, color)) in COLUMNS.iter().zip(COLORS).enumerate() {
        let left = LEFT + 110.0 * index as f64;
        let _ = writeln!(
            svg,
            "<circle cx=\"{left}\" cy=\"14\" r=\"4\" fill=\"{color}\"/><text x=\"{}\" y=\"18\">{name}</text>",
            left + 8.0
        );
    }
    for mark in MARKS {
        let (place, width) = (position(mark), if mark == 1.0 { 1.5 } else { 0.5 });
        let _ = writeln!(
            svg,
            "<line x1=\"{place}\" x2=\"{place}\" y1=\"{TOP}\" y2=\"{height}\" stroke=\"#999\" stroke-width=\"{width}\"/>\
             <text x=\"{place}\" y=\"{}\" text-anchor=\"middle\">{mark}</text>",
            TOP - 6.0
        );
    }
    for (index, row) in rows.iter().enumerate() {
        let height = TOP + LINE * (index as f64 + 0.7);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{height}\" text-anchor=\"end\">{}</text>", LEFT - 10.0, row.name);
        for (name, color) in COLUMNS.iter().zip(COLORS) {
            let Some(side) = row.side(name) else { continue };
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{color}\"/>",
                position(side.ratio),
                height - 4.0
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn position(ratio: f64) -> f64 {
    let (low, high) = SCALE;
    let part = (ratio.clamp(low, high) / low).ln() / (high / low).ln();
    LEFT + part * (WIDTH - RIGHT - LEFT)
}
