//! Measuring: every side of a row in turn, round after round, so that whatever disturbs the machine disturbs all alike.

use std::time::{Duration, Instant};

/// The result of one execution goes here; large enough for every operation.
const ANSWER: usize = (1 << 20) + 64;

/// How long the repetitions of one side take in one round.
const BATCH: Duration = Duration::from_micros(250);
/// How long one row may take.
const BUDGET: Duration = Duration::from_secs(3);
const LEAST_ROUNDS: usize = 9;
const MOST_ROUNDS: usize = 101;

/// One execution of an operation: writes its answer and tells the length, 0 when it failed.
pub trait Work: FnMut(&mut [u8]) -> usize {}
impl<W: FnMut(&mut [u8]) -> usize> Work for W {}

/// Repeats an operation as often as it is told; the call through the pointer is paid once for all repetitions.
type Repeat = Box<dyn FnMut(u32, &mut [u8]) -> usize>;

/// One of those who are compared.
struct Side {
    name: &'static str,
    repeat: Repeat,
}

/// What the sides of a row have to agree on.
type Check = Box<dyn Fn(&[u8]) -> bool>;

/// One operation, done by several sides. The first side is what the others are compared with.
pub struct Row {
    pub name: String,
    sides: Vec<Side>,
    check: Option<Check>,
    batch: Duration,
}

impl Row {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), sides: Vec::new(), check: None, batch: BATCH }
    }

    /// Adds a side that does the operation once per call.
    pub fn side(self, name: &'static str, mut work: impl Work + 'static) -> Self {
        self.repeating(name, move |count, answer| (0..count).fold(0, |_, _| work(answer)))
    }

    /// Adds a side where there is one.
    pub fn side_if(self, name: &'static str, work: Option<impl Work + 'static>) -> Self {
        match work {
            Some(work) => self.side(name, work),
            None => self,
        }
    }

    /// Adds a side that repeats the operation itself.
    pub fn repeating(mut self, name: &'static str, repeat: impl FnMut(u32, &mut [u8]) -> usize + 'static) -> Self {
        self.sides.push(Side { name, repeat: Box::new(repeat) });
        self
    }

    /// Replaces the comparison of the answers, where a right answer is not the only one.
    pub fn valid_if(mut self, check: impl Fn(&[u8]) -> bool + 'static) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Lets one round of a side take longer, for what is costly to begin.
    pub fn batch(mut self, batch: Duration) -> Self {
        self.batch = batch;
        self
    }

    /// Checks the answers of all sides, then measures them. An error names the side that gives another answer.
    pub fn measure(mut self) -> Result<Measured, String> {
        let mut answer = vec![0; ANSWER];
        self.compare(&mut answer)?;
        let counts: Vec<u32> = self.sides.iter_mut().map(|side| calibrate(side, self.batch, &mut answer)).collect();
        let mut times = vec![Vec::new(); self.sides.len()];
        let start = Instant::now();
        for round in 0..MOST_ROUNDS {
            if round >= LEAST_ROUNDS && start.elapsed() > BUDGET {
                break;
            }
            for turn in 0..self.sides.len() {
                // Nobody always comes first.
                let index = (round + turn) % self.sides.len();
                times[index].push(time(&mut self.sides[index], counts[index], &mut answer));
            }
        }
        self.compare(&mut answer)?;
        Ok(Measured::new(self.name, self.sides.iter().map(|side| side.name).zip(times).collect()))
    }

    fn compare(&mut self, answer: &mut [u8]) -> Result<(), String> {
        let mut first: Option<Vec<u8>> = None;
        for side in &mut self.sides {
            answer.fill(0);
            let length = (side.repeat)(1, answer);
            let given = &answer[..length];
            let right = length != 0
                && match (&self.check, &first) {
                    (Some(check), _) => check(given),
                    (None, Some(first)) => first == given,
                    (None, None) => true,
                };
            if !right {
                return Err(format!("{}: {} gives no answer or another one", self.name, side.name));
            }
            first.get_or_insert_with(|| given.to_vec());
        }
        Ok(())
    }
}

/// How often a side fits into a batch; warms it up on the way.
fn calibrate(side: &mut Side, batch: Duration, answer: &mut [u8]) -> u32 {
    let mut count = 1;
    loop {
        let start = Instant::now();
        (side.repeat)(count, answer);
        let took = start.elapsed();
        if took >= batch || count >= 1 << 20 {
            return count;
        }
        count *= if took * 8 < batch { 8 } else { 2 };
    }
}

/// Nanoseconds of one execution, averaged over a batch.
fn time(side: &mut Side, count: u32, answer: &mut [u8]) -> f64 {
    let start = Instant::now();
    (side.repeat)(count, answer);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

/// What was measured of one side.
pub struct Timing {
    pub name: &'static str,
    /// Nanoseconds of one execution.
    pub median: f64,
    /// Half of the distance between the quartiles, relative to the median.
    pub spread: f64,
    /// The time of this side by the time of the first one, round by round: the median of the quotients.
    pub ratio: f64,
    /// The nanoseconds that the first side takes more, round by round: the median of the differences.
    pub excess: f64,
}

/// What was measured of a row.
pub struct Measured {
    pub name: String,
    pub sides: Vec<Timing>,
}

impl Measured {
    fn new(name: String, times: Vec<(&'static str, Vec<f64>)>) -> Self {
        let first = times.first().map(|(_, times)| times.clone()).unwrap_or_default();
        let timing = |(name, times): (&'static str, Vec<f64>)| {
            let pairs = || times.iter().zip(&first);
            let ratio = quantile(pairs().map(|(own, first)| own / first).collect(), 0.5);
            let excess = quantile(pairs().map(|(own, first)| first - own).collect(), 0.5);
            let [low, median, high] = [0.25, 0.5, 0.75].map(|part| quantile(times.clone(), part));
            Timing { name, median, spread: (high - low) / 2.0 / median, ratio, excess }
        };
        Self { name, sides: times.into_iter().map(timing).collect() }
    }

    /// The timing of a side, if it took part.
    pub fn side(&self, name: &str) -> Option<&Timing> {
        self.sides.iter().find(|side| side.name == name)
    }
}

fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len().saturating_sub(1)) as f64 * part;
    values.get(index.round() as usize).copied().unwrap_or(f64::NAN)
}
