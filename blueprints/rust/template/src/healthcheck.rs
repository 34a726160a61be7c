//! `healthcheck`: asks the service that runs beside it, with the same environment, whether it is alive, so that a
//! container needs neither a shell nor curl for that.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Asks the service at `address`; to 0.0.0.0 and :: Linux connects as to this host.
///
/// # Errors
///
/// Says why the service is not alive.
pub fn ask(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    if status.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(format!("http://{address}/livez answered {status:?}").into())
    }
}
