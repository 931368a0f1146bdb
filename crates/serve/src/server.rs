//! The server: a port of this machine, and the threads that simulate.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use rayon::ThreadPoolBuilder;
use spiral_explorer::Explorer;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::guard::Names;
use crate::routes::{MOST_RUNS, Shared, router};
use crate::subject::{Opening, opening};

/// How often the server looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

/// How the explorer is started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// A built-in name, the path of a scenario, or the directory of a study; `None` is `pre-wwi`.
    pub subject: Option<String>,
    /// Port on 127.0.0.1; 0 takes one that is free.
    pub port: u16,
    /// Threads that simulate; `None` is all. They change no result.
    pub threads: Option<usize>,
}

/// The explorer, with its port.
pub struct Server {
    listener: TcpListener,
    port: u16,
    explorer: Explorer,
    opening: Opening,
    pool: rayon::ThreadPool,
}

impl Server {
    /// Takes the port and reads what the page shows first.
    ///
    /// # Errors
    /// A scenario or a study that cannot be read, a port that is in use.
    pub fn bind(settings: &Settings) -> Result<Self, Error> {
        let (opening, given) = opening(settings.subject.as_deref())?;
        let pool = pool(settings.threads)?;
        let refused = |source| Error::Port { port: settings.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).map_err(refused)?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, explorer: Explorer::new(given), opening, pool })
    }

    /// Where the page is.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Opens the page in the user's browser.
    ///
    /// # Errors
    /// No browser can be started.
    pub fn open_browser(&self) -> Result<(), Error> {
        Ok(open::that_detached(self.address())?)
    }

    /// Answers until `stopped` says that it is to end.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub fn run(self, stopped: fn() -> bool) -> Result<(), Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let shared = Shared {
            explorer: self.explorer,
            opening: self.opening,
            pool: self.pool,
            runs: Arc::new(Semaphore::new(MOST_RUNS)),
            stopped,
        };
        let app = router(Arc::new(shared), Names::on(self.port));
        let until = async move {
            while !stopped() {
                tokio::time::sleep(LOOK).await;
            }
        };
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            // Tabs that stay open do not keep the program from ending.
            tokio::select! {
                ended = async { axum::serve(listener, app).await } => ended,
                () = until => Ok(()),
            }
        })?;
        runtime.shutdown_background();
        Ok(())
    }
}

/// The threads that simulate. A world on which the simulator stops with an error ends its own answer only.
pub(crate) fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, Error> {
    let threads = threads.unwrap_or(0);
    let pool = ThreadPoolBuilder::new().num_threads(threads).panic_handler(|_| {}).build();
    pool.map_err(|error| Error::Threads(threads, error.to_string()))
}
