package dev.neurontp.harness.process;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The leader's end of an agent, the process beside a worker that a launcher has put somewhere: what it has said, and what is written to
 * it. Nothing is written before the agent has spoken: then the token by which its records are known, so that no worker can forge one.
 * Without the token it starts nothing. Any thread.
 */
public final class AgentLink {
    private static final int TOKEN_BYTES = 16;
    private static final int BEATS = 5;
    private static final Duration AFTER_LEASE = Duration.ofSeconds(5);
    private static final int MOST_NOISE = 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String host;
    private final Duration lease;
    private final String token;
    private final ReentrantLock writing = new ReentrantLock();
    private final CountDownLatch spoken = new CountDownLatch(1);
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private volatile AgentRecord.Ready ready;
    private volatile AgentRecord.Hello hello;
    private volatile AgentRecord.Beat beat;
    private volatile AgentRecord.End end;
    private volatile long heardNanos = System.nanoTime();
    private volatile Instant heard = Instant.now();
    private volatile String noise = "";
    private volatile String unheard = "";
    private OutputStream stdin;
    private InputStream stdout;

    /**
     * An agent that was not heard yet.
     *
     * @param host the name of its host in all that is said
     * @param lease how long its worker lives on when nothing is heard from here
     */
    public AgentLink(String host, Duration lease) {
        this.host = host;
        this.lease = lease;
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        this.token = HexFormat.of().formatHex(bytes);
    }

    void connect(OutputStream toAgent, InputStream fromWorker) {
        stdin = toAgent;
        stdout = fromWorker;
    }

    /** Takes a record where it is the agent's; false for one that anybody may have written. */
    boolean take(AgentRecord record) {
        boolean taken = switch (record) {
            case AgentRecord.Ready first -> begin(first);
            case AgentRecord.Hello said -> isMine(said.token()) && keep(said);
            case AgentRecord.Beat said -> isMine(said.token()) && keep(said);
            case AgentRecord.End said -> isMine(said.token()) && keep(said);
        };
        if (taken) {
            heardNanos = System.nanoTime();
            heard = Instant.now();
        }
        return taken;
    }

    private boolean isMine(String said) {
        return ready != null && token.equals(said);
    }

    private boolean keep(AgentRecord.Hello said) {
        hello = said;
        return true;
    }

    private boolean keep(AgentRecord.Beat said) {
        beat = said;
        return true;
    }

    private boolean keep(AgentRecord.End said) {
        end = said;
        return true;
    }

    /** The first word: the token, and all that was to be written before. */
    private boolean begin(AgentRecord.Ready first) {
        writing.lock();
        try {
            if (ready != null) {
                return false;
            }
            if (noise.isEmpty()) {
                noise = noise();
            }
            if (!noise.isEmpty()) {
                return true;
            }
            ready = first;
            stdin.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
            early.writeTo(stdin);
            stdin.flush();
        } catch (IOException _) {
            return true; // its end is seen elsewhere
        } finally {
            writing.unlock();
            spoken.countDown();
        }
        return true;
    }

    /** Whether its host prints more than a few words where only the agent speaks: whatever comes after that, it will not do. */
    boolean isFlooded() {
        writing.lock();
        try {
            if (ready == null && noise.isEmpty() && stdout.available() > MOST_NOISE) {
                noise = noise();
            }
        } catch (IOException _) {
            return false; // its end is seen elsewhere
        } finally {
            writing.unlock();
        }
        return !noise.isEmpty();
    }

    /** What stands on stdout although nothing was started yet; empty for nothing. */
    private String noise() throws IOException {
        int waiting = Math.min(stdout.available(), MOST_NOISE);
        return waiting == 0
                ? ""
                : ForeignText.of(
                        new String(stdout.readNBytes(waiting), StandardCharsets.UTF_8).strip(), ForeignText.NAME);
    }

    void write(byte[] line) throws IOException {
        writing.lock();
        try {
            if (ready == null) {
                early.write(line);
            } else {
                stdin.write(line);
                stdin.flush();
            }
        } finally {
            writing.unlock();
        }
    }

    /** A sign of life for the agent: an empty line, which a worker ignores (F3). Not while another line is being written. */
    void heartbeat() {
        if (ready != null && writing.tryLock()) {
            try {
                stdin.write('\n');
                stdin.flush();
            } catch (IOException _) {
                return; // its end is seen elsewhere
            } finally {
                writing.unlock();
            }
        }
    }

    /** The end of the worker's stdin, unless a line is being written that is not taken. */
    void close() {
        PipeEnd.close(writing, stdin);
    }

    /** Waits until the agent has spoken; false when the time was over before. */
    boolean awaitSpoken(Duration time) throws InterruptedException {
        return spoken.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How long between two signs of life. */
    Duration beatEvery() {
        return lease.dividedBy(BEATS);
    }

    /** What is said of one that {@link #isSilent}. */
    String silence() {
        return "nothing was heard of its agent on " + host + " for " + Durations.time(lease) + ", the last at "
                + heard.truncatedTo(ChronoUnit.SECONDS);
    }

    /** What it has said while this process stood still is not read yet: a new lease begins. */
    void hearAnew() {
        heardNanos = System.nanoTime();
    }

    /** Whether the agent has spoken and was then silent for a whole lease. */
    boolean isSilent() {
        return ready != null && end == null && System.nanoTime() - heardNanos > lease.toNanos();
    }

    public String host() {
        return host;
    }

    /** When its worker has ended by itself at the latest, to a whole second, where nothing was written to it after {@code last}. */
    public Instant latestEnd(Instant last) {
        return latestEnd(last, lease);
    }

    /** The same of any agent with that lease: it runs out, and then the agent's own steps take some time. */
    public static Instant latestEnd(Instant last, Duration lease) {
        return last.plus(lease)
                .plus(AFTER_LEASE)
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(1);
    }

    /** Nobody waits for its first word any more. */
    public void giveUp(Duration waited) {
        if (!hasSpoken()) {
            unheard = "its agent on " + host + " was not heard within " + Durations.time(waited)
                    + " (the deadline ready): look with tpctl preflight";
        }
    }

    /** Why its first word is waited for no more; empty where it has spoken or may still. */
    public String unheard() {
        return hasSpoken() ? "" : unheard;
    }

    /** Whether the agent has ever spoken: before that nothing was started. */
    public boolean hasSpoken() {
        return ready != null;
    }

    /** What was printed on stdout before the agent had started anything; empty for nothing. */
    public String noiseBefore() {
        return noise;
    }

    /** How the worker ended, if the agent has said so. */
    public Optional<AgentRecord.End> end() {
        return Optional.ofNullable(end);
    }

    /** The worker; empty before it was started. */
    public Optional<ProcessIdentity> worker() {
        AgentRecord.Hello said = hello;
        return said == null
                ? Optional.empty()
                : Optional.of(new ProcessIdentity(said.pid(), said.startTicks(), ready.bootId()));
    }

    /** What the worker held in memory when its agent last said so, in bytes. */
    public Optional<Long> rssBytes() {
        AgentRecord.Beat last = beat;
        return last == null || last.rssBytes() == 0 || end != null ? Optional.empty() : Optional.of(last.rssBytes());
    }

    /** The version of the agent's program; empty before it has spoken. */
    public Optional<String> version() {
        return Optional.ofNullable(ready).map(AgentRecord.Ready::version);
    }
}
