//! Mistakes of C handouts that Rust's compiler refuses, each with its own words in the
//! last line. Beside each stands a program that does compile and behaves alike.
//!
//! # The lock taken before the thread starts
//!
//! In C the thread unlocks when its client leaves. Here the guard would have to go there,
//! and it cannot. What can: `src/bin/lock-before-thread.rs`.
//!
//! ```compile_fail,E0277
//! use std::{net::TcpListener, sync::Mutex, thread};
//!
//! static LOCK: Mutex<()> = Mutex::new(());
//!
//! fn main() -> std::io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:0")?;
//!     loop {
//!         let (client, _) = listener.accept()?;
//!         let guard = LOCK.lock();
//!         thread::spawn(move || {
//!             drop(client); // once it has been served
//!             drop(guard);
//!         });
//!     }
//! }
//! // error[E0277]: `std::sync::MutexGuard<'_, ()>` cannot be sent between threads safely
//! ```
//!
//! # The handler called instead of handed to the thread
//!
//! A call has a value; a thread needs something to call. What compiles:
//! `src/bin/handler-called.rs`.
//!
//! ```compile_fail,E0277
//! use std::{net::{TcpListener, TcpStream}, thread};
//!
//! fn serve(_client: TcpStream) {}
//!
//! fn main() -> std::io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:0")?;
//!     loop {
//!         let (client, _) = listener.accept()?;
//!         thread::spawn(serve(client));
//!     }
//! }
//! // error[E0277]: expected a `FnOnce()` closure, found `()`
//! ```
//!
//! # One connection variable for all threads
//!
//! Without a lock it is a data race. With one it compiles, and is as wrong:
//! `src/bin/shared-connection.rs`.
//!
//! ```compile_fail,E0133
//! use std::{io::Write, net::{TcpListener, TcpStream}, thread};
//!
//! static mut CONNECTION: Option<TcpStream> = None;
//!
//! fn main() -> std::io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:0")?;
//!     loop {
//!         CONNECTION = Some(listener.accept()?.0);
//!         thread::spawn(|| {
//!             if let Some(client) = &mut CONNECTION {
//!                 let _ = client.write_all(b"+PONG\r\n");
//!             }
//!         });
//!     }
//! }
//! // error[E0133]: use of mutable static is unsafe and requires unsafe block
//! ```
