//! Every row of the table, by its numbers.

use super::codes::ROWS;
use super::*;

#[test]
fn every_code_has_its_status_and_a_text() {
    for (code, name, status) in ROWS {
        let failure = Failure::check("C_Sign", code).unwrap_err();
        assert_eq!(failure.settle().code(), status, "{name}");
        assert_eq!(cause::take(), Some(format!("C_Sign answered {name}")));
    }
}

#[test]
fn the_table_has_no_other_rows() {
    let known: Vec<CK_RV> = (0..0x1000).filter(|code| row(*code).is_some()).collect();
    assert_eq!(known, ROWS.map(|(code, ..)| code));
}

#[test]
fn unknown_codes_are_told_by_number() {
    for (code, text) in [(0x7fff_ffff, "does not define"), (0x8000_0001, "vendor"), (CK_RV::MAX, "vendor")] {
        assert_eq!(Failure::check("C_Login", code).unwrap_err().settle(), Error::GenericError);
        let cause = cause::take().unwrap();
        assert!(cause.contains(&format!("{code:#010x}")) && cause.contains(text), "{cause}");
    }
}

#[test]
fn a_cause_that_is_known_is_kept() {
    let failure = nonsense("C_Sign", format_args!("gave 3 bytes"));
    assert_eq!(failure.settle(), Error::HardwareFailure);
    assert_eq!(cause::take().as_deref(), Some("C_Sign: gave 3 bytes"));
    assert_eq!(Failure::check("C_Sign", CKR_OK), Ok(()));
}
