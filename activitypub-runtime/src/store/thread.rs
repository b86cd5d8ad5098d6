//! A thread that owns a connection: writes with group commit, reads of one snapshot.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::StoreError;

/// How many writes share one `fsync` at most.
const BATCH: usize = 256;

/// How many tasks may wait for a thread before those who ask wait themselves.
const WAITING: usize = 1024;

/// The threads of a store. A database in memory has one connection, which does everything.
pub(super) struct Threads {
    pub(super) writer: Thread,
    pub(super) reader: Option<Thread>,
    pub(super) application: Option<Thread>,
}

impl Threads {
    pub(super) fn reader(&self) -> &Thread {
        self.reader.as_ref().unwrap_or(&self.writer)
    }

    pub(super) fn application(&self) -> &Thread {
        self.application.as_ref().unwrap_or(&self.writer)
    }
}

/// One connection on its thread, which ends when this is dropped and what was asked of it is done.
pub(super) struct Thread {
    tasks: Sender<Asked>,
    room: Arc<Semaphore>,
}

impl Thread {
    pub(super) fn start(name: &str, connection: Connection) -> io::Result<Self> {
        let (tasks, queue) = channel();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || serve(connection, &queue))?;
        Ok(Self { tasks, room: Arc::new(Semaphore::new(WAITING)) })
    }

    /// Runs `read` in one snapshot.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Task::Read(reading(read, |result| drop(reply.send(result))))).await?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Runs `write` in a savepoint of the next transaction; answers when that is on disk.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<Applied<T>, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Task::Write(Writing::boxed(write, |result| drop(reply.send(result))))).await?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// How many tasks wait for this thread.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        WAITING - self.room.available_permits()
    }

    async fn ask(&self, task: Task) -> Result<(), StoreError> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        self.tasks.send((task, room)).map_err(|_| StoreError::Closed)
    }
}

/// What a write came to: its result, and whether what it wrote stays.
pub(super) struct Applied<T> {
    result: T,
    stays: bool,
}

impl<T> Applied<T> {
    pub(super) fn keep(result: T) -> Self {
        Self { result, stays: true }
    }

    /// The write found that it must not happen: its savepoint is rolled back.
    pub(super) fn undo(result: T) -> Self {
        Self { result, stays: false }
    }
}

/// The permit is held until the task is taken from the queue.
type Asked = (Task, OwnedSemaphorePermit);

enum Task {
    Write(Box<dyn Write>),
    Read(Box<dyn FnOnce(&Connection) + Send>),
}

fn serve(mut connection: Connection, queue: &Receiver<Asked>) {
    while let Ok((task, room)) = queue.recv() {
        drop(room);
        let mut next = Some(task);
        let mut batch = Vec::new();
        // While one batch waits for the disk, the next one gathers in the queue: no write lingers for company.
        while let Some(Task::Write(write)) = next.take_if(|task| matches!(task, Task::Write(_))) {
            batch.push(write);
            if batch.len() < BATCH {
                next = queue.try_recv().ok().map(|(task, _)| task);
            }
        }
        if !batch.is_empty() {
            commit(&mut connection, batch);
        }
        if let Some(Task::Read(read)) = next {
            read(&connection);
        }
    }
}

fn commit(connection: &mut Connection, batch: Vec<Box<dyn Write>>) {
    let mut batch = batch;
    let committed = apply(connection, &mut batch).map_err(Arc::new);
    if let Err(error) = &committed {
        tracing::error!(%error, writes = batch.len(), "the store could not commit");
    }
    for write in batch {
        write.answer(committed.clone().map_err(StoreError::Commit));
    }
}

fn apply(connection: &mut Connection, batch: &mut [Box<dyn Write>]) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for write in batch {
        tx.prepare_cached("SAVEPOINT unit")?.execute([])?;
        if !write.apply(&tx) {
            // Fails when the error was one that ends the transaction (disk full); then the whole batch has failed.
            tx.prepare_cached("ROLLBACK TO unit")?.execute([])?;
        }
        tx.prepare_cached("RELEASE unit")?.execute([])?;
    }
    tx.commit()
}

/// A write whose result type is hidden, so that one batch can hold many kinds.
trait Write: Send {
    /// Runs in a savepoint; whether what it wrote stays.
    fn apply(&mut self, tx: &Transaction<'_>) -> bool;

    /// Tells whoever asked, once the batch is on disk or has failed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Writing<T, W, R> {
    write: Option<W>,
    result: Option<Result<T, StoreError>>,
    reply: R,
}

impl<T, W, R> Writing<T, W, R>
where
    T: Send + 'static,
    W: FnOnce(&Transaction<'_>) -> Result<Applied<T>, StoreError> + Send + 'static,
    R: FnOnce(Result<T, StoreError>) + Send + 'static,
{
    fn boxed(write: W, reply: R) -> Box<dyn Write> {
        Box::new(Self { write: Some(write), result: None, reply })
    }
}

impl<T, W, R> Write for Writing<T, W, R>
where
    T: Send,
    W: FnOnce(&Transaction<'_>) -> Result<Applied<T>, StoreError> + Send,
    R: FnOnce(Result<T, StoreError>) + Send,
{
    fn apply(&mut self, tx: &Transaction<'_>) -> bool {
        let Some(write) = self.write.take() else { return false };
        let (result, stays) = match caught(|| write(tx)) {
            Ok(Applied { result, stays }) => (Ok(result), stays),
            Err(error) => (Err(error), false),
        };
        self.result = Some(result);
        stays
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (committed, self.result) {
            (_, Some(Err(error))) => Err(error),
            (Err(error), _) => Err(error),
            (Ok(()), Some(Ok(result))) => Ok(result),
            (Ok(()), None) => Err(StoreError::Closed),
        };
        (self.reply)(result);
    }
}

fn reading<T: Send + 'static>(
    read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    reply: impl FnOnce(Result<T, StoreError>) + Send + 'static,
) -> Box<dyn FnOnce(&Connection) + Send> {
    Box::new(move |connection| reply(snapshot(connection, read)))
}

/// Runs someone else's `read` on a connection that refuses to write meanwhile.
pub(super) fn read_only<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    connection.pragma_update(None, "query_only", true)?;
    let result = caught(|| Ok(read(connection)?));
    connection.pragma_update(None, "query_only", false)?;
    result
}

fn snapshot<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = connection.unchecked_transaction()?;
    caught(|| read(&tx))
}

/// Strangers' data goes through these closures: a panic in one costs that one, not the store.
fn caught<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(StoreError::Panicked))
}
