package dev.neurontp.harness.agent;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.agent.record.AgentRecordWriter;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ResidentMemory;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.StandardInput;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * One life of an agent. The main thread starts the worker and waits for its end. One thread passes stdin on, one watches the lease and
 * says that both live, and a hook of the JVM handles signals: each of them may end the worker, the first one says why.
 */
final class Agent {
    /** A hook waits longer for the worker's end than that takes at most. */
    private static final Duration HOOK = Duration.ofSeconds(8);

    private static final String SIGNAL = "a signal";
    private static final String NO_TOKEN =
            "neuron: stdin ended, or was silent for the lease, before its first line: nothing was started";
    private static final String WRONG_TOKEN =
            "neuron: the first line of stdin is no token: does a start file of the shell read stdin? Nothing was started";

    private final AgentOptions options;
    private final Stdin stdin;
    private final Worker worker = new Worker();
    private final Lease lease;
    /** The worker runs, and the leader has been told. */
    private final CountDownLatch hello = new CountDownLatch(1);

    private String token = "";

    Agent(AgentOptions options) {
        this.options = options;
        InputStream in = new StandardInput();
        this.stdin = new Stdin(in);
        this.lease = new Lease(options.lease(), stdin, this::beat, worker);
    }

    /**
     * Runs to the end of the worker.
     *
     * @return the exit code of this process
     * @throws IOException when the worker cannot be started
     */
    int run() throws IOException, InterruptedException {
        Thread.UncaughtExceptionHandler failed =
                (thread, e) -> worker.end("the agent's thread " + thread.getName() + " failed: " + e);
        if (options.tokenStdin()) {
            DaemonThread.start("lease", lease, failed); // before the word: without a thread nothing is ready
            say(new AgentRecord.Ready(HostFacts.hostName(), ProcessIdentity.thisBoot(), Versions.product()));
            token = stdin.firstLine();
            if (!AgentToken.isOne(token)) {
                Stderr.say(token.isEmpty() ? NO_TOKEN : WRONG_TOKEN);
                return ExitCode.USAGE;
            }
        }
        ExitHook hook = ExitHook.bounded("signal", HOOK, () -> worker.endAndAwait(SIGNAL));
        hook.install();
        try {
            // All before it: at a limit on threads nothing runs then, and that is said.
            Stderr.stream().start();
            DaemonThread.start(
                    "stdin",
                    afterHello(() -> {
                        stdin.passOnTo(worker);
                        worker.end("stdin ended");
                    }),
                    failed);
            if (!options.tokenStdin()) {
                DaemonThread.start("lease", afterHello(lease), failed);
            }
            worker.start(options.command());
        } catch (IOException e) {
            // The leader has to know that nothing runs.
            say(new AgentRecord.End(
                    token, ExitCode.COULD_NOT_RUN, "it cannot be started", false, List.of(), List.of()));
            throw e;
        }
        say(new AgentRecord.Hello(
                token,
                worker.identity().pid(),
                worker.identity().startTicks(),
                ProcessHandle.current().pid()));
        hello.countDown();
        worker.watch();
        AgentRecord.End end = worker.await(token);
        say(end);
        Stderr.flush();
        worker.over();
        if (end.reason().equals(SIGNAL)) {
            // The JVM is ending with the code of the signal.
            Thread.sleep(HOOK);
        }
        return end.exit();
    }

    private Runnable afterHello(Runnable work) {
        return () -> {
            try {
                hello.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            work.run();
        };
    }

    private void beat() {
        worker.pid()
                .ifPresent(pid ->
                        say(new AgentRecord.Beat(token, ResidentMemory.of(pid).orElse(0L))));
    }

    private static void say(AgentRecord record) {
        byte[] bytes = AgentRecordWriter.bytes(record);
        Stderr.stream().write(bytes, 0, bytes.length);
    }
}
