package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts workers and knows those that live, so that none is left behind. Any thread. */
public final class WorkerLauncher implements AutoCloseable {

    private final List<String> command;
    private final Set<WorkerProcess> living = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private volatile boolean closed;

    /** A launcher of workers that this command starts. */
    public WorkerLauncher(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** Starts a worker with these arguments behind the command, and these variables in addition to the inherited ones. */
    public WorkerProcess start(List<String> arguments, Map<String, String> environment, boolean stdoutClosed)
            throws StartFailure {
        List<String> line = new ArrayList<>(command);
        line.addAll(arguments);
        return launch(new Launch(line, environment, stdoutClosed));
    }

    /** Starts any other command under the same care. */
    public WorkerProcess launch(Launch launch) throws StartFailure {
        if (closed) {
            throw new StoppedException();
        }
        WorkerProcess worker = WorkerProcess.start(launch);
        started.incrementAndGet();
        living.add(worker);
        if (closed) {
            end(worker);
            throw new StoppedException();
        }
        return worker;
    }

    /** Ends one worker and all that it started. */
    public void end(WorkerProcess worker) {
        worker.close();
        living.remove(worker);
    }

    /** How many processes were started so far. */
    public int started() {
        return started.get();
    }

    /** Whether no worker is started any more. */
    public boolean isClosed() {
        return closed;
    }

    /** Ends every worker, and lets none start after. */
    @Override
    public void close() {
        closed = true;
        living.parallelStream().forEach(this::end);
    }

    /** The run was stopped while a check wanted a worker. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the run was stopped", null, false, false);
        }
    }
}
