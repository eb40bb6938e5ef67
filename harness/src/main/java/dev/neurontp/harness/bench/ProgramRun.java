package dev.neurontp.harness.bench;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.LineBoundInput;
import dev.neurontp.harness.process.ResidentMemory;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.Frame;
import dev.neurontp.rpc.FrameReader;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One process of a program, from its start to its end. One thread. */
final class ProgramRun implements AutoCloseable {
    private static final Duration EXIT = Duration.ofSeconds(WorkerBench.EXIT_SECONDS);
    private static final byte[] BYE = "{\"op\":\"bye\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = line(new WorkerRequest.Ping());
    private static final byte[] SHUTDOWN = line(new WorkerRequest.Shutdown());

    private final MeasuredProgram program;
    private final ChildProcess child;
    private final OutputStream stdin;
    private final FrameReader replies;
    private final int pings;
    private final PongCheck pongs = new PongCheck(MeasuredProgram.RANK);
    private final CountDownLatch over = new CountDownLatch(1);
    private int answered;
    /** Which bound it was ended by, in words; null while it was not. */
    private volatile String missed;

    /**
     * Starts it.
     *
     * @param pings how many there will be, for messages
     * @param limit for all that is asked of it
     */
    ProgramRun(MeasuredProgram program, int pings, Duration limit) throws IOException {
        this.program = program;
        this.pings = pings;
        this.child = ChildProcess.start(new ProcessBuilder(program.line()).redirectError(Redirect.DISCARD));
        this.stdin = child.process().getOutputStream();
        this.replies = new FrameReader(
                new LineBoundInput(child.process().getInputStream(), FrameReader.DEFAULT_LIMIT),
                FrameReader.DEFAULT_LIMIT);
        endUnless(over, limit, " of its start");
    }

    private static byte[] line(WorkerRequest request) {
        byte[] frame = WireCodec.encode(request);
        byte[] line = Arrays.copyOf(frame, frame.length + 1);
        line[frame.length] = '\n';
        return line;
    }

    long pid() {
        return child.process().pid();
    }

    /** Whether a process that it has started has done {@code calls} reads and writes or more. */
    boolean childReads(long calls) throws IOException {
        for (ProcessHandle child : child.process().descendants().toList()) {
            if (child.isAlive() && ProcessCounters.of(child.pid()).calls() >= calls) {
                return true;
            }
        }
        return false;
    }

    /** Resident memory in bytes; 0 where it is not known. */
    long resident() {
        return ResidentMemory.of(pid()).orElse(0L);
    }

    /** Asks for a pong, and checks it where it must be one, which is not part of the time. In nanoseconds. */
    long ping() throws IOException {
        long began = System.nanoTime();
        byte[] reply = ask(PING, true);
        long took = System.nanoTime() - began;
        if (program.speaks() && !pongs.isRight(reply)) {
            throw new IOException(answered("a ping", reply) + pongs.rule());
        }
        answered++;
        return took;
    }

    /** Asks it to leave, until it has ended. In nanoseconds. */
    long leave() throws IOException, InterruptedException {
        CountDownLatch replied = new CountDownLatch(1);
        endUnless(replied, EXIT, "");
        try {
            long began = System.nanoTime();
            byte[] reply = ask(SHUTDOWN, false);
            replied.countDown();
            if (!isBye(reply)) {
                throw new IOException(answered("shutdown", reply) + "it is to say {\"op\":\"bye\"}");
            }
            return untilExit(began, "its bye");
        } finally {
            replied.countDown();
        }
    }

    /** SIGTERM, until it has ended. In nanoseconds. */
    long terminate() throws IOException, InterruptedException {
        long began = System.nanoTime();
        child.terminate();
        return untilExit(began, "SIGTERM");
    }

    private long untilExit(long began, String after) throws IOException, InterruptedException {
        if (!child.process().waitFor(EXIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(program.line().getFirst() + " still ran " + Durations.time(EXIT) + " after " + after);
        }
        return System.nanoTime() - began;
    }

    /** Fails where there is no reply, with a message that says how far it came. */
    private byte[] ask(byte[] line, boolean ping) throws IOException {
        try {
            stdin.write(line);
            stdin.flush();
        } catch (IOException e) {
            throw new IOException(noReply(ping), e);
        }
        if (replies.next() instanceof Frame.Line reply) {
            return reply.bytes();
        }
        throw new IOException(noReply(ping));
    }

    private String noReply(boolean ping) {
        String who = program.line().getFirst();
        String bound = missed;
        if (bound == null) {
            return who + " ended or closed its stdout without a reply to "
                    + (ping ? "ping " + (answered + 1) + " of " + pings : "shutdown");
        }
        String ended = who + " was ended, since within " + bound + " it ";
        return ping
                ? ended + "answered " + answered + " of " + pings
                        + " pings: tpctl bench ping --rounds N measures a slow worker"
                : ended + "gave no reply to shutdown";
    }

    private String answered(String what, byte[] reply) {
        return program.line().getFirst() + " answered " + what + " with '"
                + ForeignText.of(new String(reply, StandardCharsets.UTF_8), ForeignText.NAME) + "': ";
    }

    /** To read one takes longer than some workers need to end, so the usual one is known by its beginning. */
    private static boolean isBye(byte[] reply) {
        try {
            return startsWith(BYE, reply) || WireCodec.decodeResponse(reply) instanceof WorkerResponse.Bye;
        } catch (WireException _) {
            return false;
        }
    }

    private static boolean startsWith(byte[] beginning, byte[] reply) {
        return reply.length > beginning.length
                && Arrays.mismatch(reply, 0, beginning.length, beginning, 0, beginning.length) < 0;
    }

    private void endUnless(CountDownLatch done, Duration bound, String ofWhat) throws IOException {
        DaemonThread.start("bench-limit", () -> {
            try {
                if (!done.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
                    missed = Durations.time(bound) + ofWhat;
                    // What it started may hold its stdout open.
                    child.process().descendants().forEach(ProcessHandle::destroyForcibly);
                    child.process().destroyForcibly();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        over.countDown();
        try {
            child.kill(Deadline.in(EXIT));
        } catch (InterruptedException _) {
            child.process().destroyForcibly();
            Thread.currentThread().interrupt();
        }
        child.closePipes();
    }
}
