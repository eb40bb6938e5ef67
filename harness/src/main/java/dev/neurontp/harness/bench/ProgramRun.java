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
import dev.neurontp.rpc.WorkerRequest;
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
    /** For all that is asked of one process: a worker of a slow interpreter needs a few seconds. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration EXIT = Duration.ofSeconds(30);
    private static final byte[] PONG = "{\"op\":\"pong\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = line(new WorkerRequest.Ping());
    private static final byte[] SHUTDOWN = line(new WorkerRequest.Shutdown());

    private final MeasuredProgram program;
    private final ChildProcess child;
    private final OutputStream stdin;
    private final FrameReader replies;
    private final CountDownLatch over = new CountDownLatch(1);

    ProgramRun(MeasuredProgram program) throws IOException {
        this.program = program;
        this.child = ChildProcess.start(new ProcessBuilder(program.line()).redirectError(Redirect.DISCARD));
        this.stdin = child.process().getOutputStream();
        this.replies = new FrameReader(
                new LineBoundInput(child.process().getInputStream(), FrameReader.DEFAULT_LIMIT),
                FrameReader.DEFAULT_LIMIT);
        DaemonThread.start("bench-limit", this::endWhenStuck);
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

    /** Resident memory in bytes; 0 where it is not known. */
    long resident() {
        return ResidentMemory.of(pid()).orElse(0L);
    }

    /** Asks for a pong and checks it where it must be one. In nanoseconds. */
    long ping() throws IOException {
        long began = System.nanoTime();
        byte[] reply = ask(PING);
        long took = System.nanoTime() - began;
        if (program.speaks() && !startsWithPong(reply)) {
            throw new IOException(program.line().getFirst() + " answered a ping with '"
                    + ForeignText.of(new String(reply, StandardCharsets.UTF_8), ForeignText.NAME)
                    + "': a pong begins with {\"op\":\"pong\"");
        }
        return took;
    }

    /** Asks it to leave, until it has ended. In nanoseconds. */
    long leave() throws IOException, InterruptedException {
        long began = System.nanoTime();
        ask(SHUTDOWN);
        return untilExit(began, "its bye");
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

    private byte[] ask(byte[] line) throws IOException {
        try {
            stdin.write(line);
            stdin.flush();
        } catch (IOException e) {
            throw new IOException(noReply(), e);
        }
        if (replies.next() instanceof Frame.Line reply) {
            return reply.bytes();
        }
        throw new IOException(noReply());
    }

    private String noReply() {
        return program.line().getFirst() + " has ended or was ended without a reply: all of its pings have "
                + Durations.time(LIMIT);
    }

    private static boolean startsWithPong(byte[] reply) {
        return reply.length > PONG.length && Arrays.mismatch(reply, 0, PONG.length, PONG, 0, PONG.length) < 0;
    }

    private void endWhenStuck() {
        try {
            if (!over.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                child.process().destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
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
