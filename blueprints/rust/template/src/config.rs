//! The service's configuration, read from its environment. README.md describes the variables.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tracing::level_filters::LevelFilter;

use crate::service::DEFAULT_PORT;

#[derive(Debug, PartialEq)]
pub struct Config {
    pub address: SocketAddr,
    pub log_level: LevelFilter,
    /// How long `/readyz` says 503 before connections are refused.
    pub drain_delay: Duration,
    /// How long requests that have begun by then may take.
    pub shutdown_timeout: Duration,
}

impl Config {
    /// Reads the variables through `get`. One that is empty counts as not set.
    ///
    /// # Errors
    ///
    /// Names every variable that does not hold, not only the first.
    pub fn load(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut environment = Environment {
            get,
            problems: Vec::new(),
        };
        let host = environment.read("HOST", Ipv4Addr::UNSPECIFIED.into(), parse_host);
        let port = environment.read("PORT", DEFAULT_PORT, parse_port);
        let config = Self {
            address: SocketAddr::new(host, port),
            log_level: environment.read("LOG_LEVEL", LevelFilter::INFO, parse_level),
            drain_delay: environment.read("DRAIN_DELAY", Duration::ZERO, parse_duration),
            shutdown_timeout: environment.read("SHUTDOWN_TIMEOUT", Duration::from_secs(10), parse_duration),
        };
        if environment.problems.is_empty() {
            Ok(config)
        } else {
            Err(environment.problems.join("; "))
        }
    }
}

type Parsed<T> = Result<T, &'static str>;

struct Environment<G> {
    get: G,
    problems: Vec<String>,
}

impl<G: Fn(&str) -> Option<String>> Environment<G> {
    fn read<T>(&mut self, name: &str, default: T, parse: fn(&str) -> Parsed<T>) -> T {
        let Some(text) = (self.get)(name).filter(|text| !text.is_empty()) else {
            return default;
        };
        parse(&text).unwrap_or_else(|want| {
            self.problems.push(format!("{name} is {text:?}: {want}"));
            default
        })
    }
}

fn parse_host(text: &str) -> Parsed<IpAddr> {
    text.parse().map_err(|_| "want an IP address such as 0.0.0.0 or ::1")
}

fn parse_port(text: &str) -> Parsed<u16> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("want a number from 1 to 65535"),
    }
}

fn parse_level(text: &str) -> Parsed<LevelFilter> {
    match text.to_ascii_lowercase().as_str() {
        "debug" => Ok(LevelFilter::DEBUG),
        "info" => Ok(LevelFilter::INFO),
        "warn" => Ok(LevelFilter::WARN),
        "error" => Ok(LevelFilter::ERROR),
        _ => Err("want debug, info, warn or error"),
    }
}

fn parse_duration(text: &str) -> Parsed<Duration> {
    const WANT: &str = "want a duration such as 0s, 1.5s or 2m";
    let unit_at = text.find(char::is_alphabetic).ok_or(WANT)?;
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(WANT),
    };
    let number: f64 = number.parse().map_err(|_| WANT)?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| WANT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        Config::load(|name| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn defaults_hold_when_nothing_is_set() {
        let config = load(&[("PORT", ""), ("LOG_LEVEL", "")]).unwrap();
        assert_eq!(config.address, SocketAddr::from(([0, 0, 0, 0], DEFAULT_PORT)));
        assert_eq!(config.log_level, LevelFilter::INFO);
        assert_eq!(config.drain_delay, Duration::ZERO);
        assert_eq!(config.shutdown_timeout, Duration::from_secs(10));
    }

    #[test]
    fn variables_are_read() {
        let config = load(&[
            ("HOST", "::1"),
            ("PORT", "9090"),
            ("LOG_LEVEL", "WARN"),
            ("DRAIN_DELAY", "1.5s"),
            ("SHUTDOWN_TIMEOUT", "2m"),
        ])
        .unwrap();
        assert_eq!(config.address, "[::1]:9090".parse().unwrap());
        assert_eq!(config.log_level, LevelFilter::WARN);
        assert_eq!(config.drain_delay, Duration::from_millis(1500));
        assert_eq!(config.shutdown_timeout, Duration::from_mins(2));
    }

    #[test]
    fn every_wrong_variable_is_named() {
        let problem = load(&[("HOST", "localhost"), ("PORT", "0"), ("DRAIN_DELAY", "5")]);
        let problem = problem.unwrap_err();
        for name in ["HOST", "PORT", "DRAIN_DELAY"] {
            assert!(problem.contains(name), "{problem}");
        }
    }

    #[test]
    fn a_duration_has_a_unit_and_is_not_negative() {
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        for wrong in ["", "5", "-1s", "s", "1 s", "1d", "nans", "infs"] {
            assert!(parse_duration(wrong).is_err(), "{wrong:?}");
        }
    }
}
