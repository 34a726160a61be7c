//! The program as it is shipped: started, asked, and stopped by signals.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// A running service; it is killed if a test fails before it has stopped.
struct Service {
    process: Child,
    log: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Service {
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut process = command(&[("HOST", "127.0.0.1"), ("PORT", &free_port())], variables)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap());
        let first = line(&mut log);
        assert_eq!(first["msg"], "listening", "{first}");
        let address = first["address"].as_str().unwrap().parse().unwrap();
        Self { process, log, address }
    }

    fn begin(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        answer(self.begin(&format!(
            "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        )))
    }

    fn terminate(&self) {
        let id = self.process.id().to_string();
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {id}")]).status();
        assert!(sent.unwrap().success());
    }

    fn wait(mut self) -> (ExitStatus, Vec<Value>) {
        let status = self.process.wait().unwrap();
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        let lines = rest.lines().map(|line| serde_json::from_str(line).unwrap());
        (status, lines.collect())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
    }
}

fn command(defaults: &[(&str, &str)], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_service"));
    command
        .env_clear()
        .envs(defaults.iter().copied())
        .envs(variables.iter().copied());
    command
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

fn line(log: &mut impl BufRead) -> Value {
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn it_answers_logs_and_stops() {
    let service = Service::start(&[]);
    assert!(service.get("/").starts_with("HTTP/1.1 200 "));
    assert!(service.get("/nothing").starts_with("HTTP/1.1 404 "));
    service.terminate();
    let (status, log) = service.wait();
    assert!(status.success());
    let seen: Vec<_> = log
        .iter()
        .map(|line| (&line["msg"], &line["path"], &line["status"]))
        .collect();
    assert_eq!(
        (seen[0].0, seen[0].1, seen[0].2),
        (&"request".into(), &"/".into(), &200.into())
    );
    assert_eq!(seen[1].2, &404);
    assert_eq!(seen.last().unwrap().0, "stopped");
    assert!(
        log.iter()
            .all(|line| line["time"].is_string() && line["level"] == "INFO")
    );
}

#[test]
fn it_drains_before_it_stops_and_finishes_what_has_begun() {
    let service = Service::start(&[("DRAIN_DELAY", "500ms")]);
    let silent = TcpStream::connect(service.address).unwrap();
    let mut half = service.begin("GET / HTTP/1.1\r\nHost: te");
    sleep(Duration::from_millis(100));
    service.terminate();
    sleep(Duration::from_millis(200));
    assert!(service.get("/readyz").starts_with("HTTP/1.1 503 "));
    assert!(service.get("/livez").starts_with("HTTP/1.1 200 "));
    sleep(Duration::from_millis(600));
    assert!(TcpStream::connect(service.address).is_err());
    half.write_all(b"st\r\n\r\n").unwrap();
    assert!(answer(half).starts_with("HTTP/1.1 200 "));
    let (status, _) = service.wait();
    assert!(status.success());
    drop(silent);
}

#[test]
fn what_takes_too_long_is_cut_off() {
    let service = Service::start(&[("SHUTDOWN_TIMEOUT", "100ms")]);
    let half = service.begin("GET / HTTP/1.1\r\n");
    sleep(Duration::from_millis(100));
    service.terminate();
    let (status, log) = service.wait();
    assert_eq!(status.code(), Some(1));
    assert!(log.last().unwrap()["error"].as_str().unwrap().contains("cut off"));
    drop(half);
}

#[test]
fn a_wrong_setting_ends_it_with_one_line_that_names_it() {
    let output = command(&[], &[("PORT", "http")]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    let said: Value = serde_json::from_str(&text).unwrap();
    assert!(said["error"].as_str().unwrap().contains("PORT"), "{said}");
}

#[test]
fn healthcheck_asks_the_service() {
    let service = Service::start(&[]);
    let port = service.address.port().to_string();
    let variables = [("HOST", "127.0.0.1"), ("PORT", port.as_str())];
    let healthcheck = || command(&[], &variables).arg("healthcheck").output().unwrap().status;
    assert!(healthcheck().success());
    service.terminate();
    assert!(service.wait().0.success());
    assert_eq!(healthcheck().code(), Some(1));
}
