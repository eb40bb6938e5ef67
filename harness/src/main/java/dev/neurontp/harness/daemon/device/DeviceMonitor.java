package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the devices every few seconds on a thread of its own; who asks gets the last reading at once. */
public final class DeviceMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceMonitor.class);

    private final NvidiaSmi nvidiaSmi;
    private final Optional<String> missing;
    private final Duration poll;
    private final Clock clock;
    private final long startedNanos = System.nanoTime();
    private final HostInfo host = HostInfo.read();
    private final XidWatch xids;
    private volatile Thread thread;
    private final CountDownLatch firstPoll = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile DeviceInventory inventory = DeviceInventory.NONE;
    private volatile Instant inventoryRead;
    private volatile DeviceReading reading = DeviceReading.NONE;
    private volatile Instant read;
    private volatile String problem;

    /**
     * Nothing is read yet.
     *
     * @param program nvidia-smi, a name on the PATH or a path
     * @param chosen whether somebody has set it: then it is a problem that there is none
     * @param poll from one reading to the next
     * @param timeout how long one run of the program may take
     * @param xids is started where there are GPUs, and ends with this
     */
    public DeviceMonitor(String program, boolean chosen, Duration poll, Duration timeout, XidWatch xids, Clock clock) {
        this.nvidiaSmi = new NvidiaSmi(program, timeout);
        this.missing = chosen
                ? Optional.of("there is no program '" + ForeignText.of(program, ForeignText.NAME)
                        + "' (devices.nvidia_smi): install it, or correct or remove the setting")
                : Optional.empty();
        this.poll = poll;
        this.xids = xids;
        this.clock = clock;
    }

    /**
     * Begins to read.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    public void start() throws ThreadLimitException {
        thread = DaemonThread.start("devices", this::pollUntilClosed);
    }

    /** Waits until the first reading came or failed, or the time is over. */
    public void awaitFirst(Duration limit) throws InterruptedException {
        firstPoll.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What the kernel and the distribution say of this host. */
    public HostInfo host() {
        return host;
    }

    /** Which devices there are; never waits. */
    public DeviceInventory inventory() {
        return inventory;
    }

    /** How many GPUs a worker of this host can address, by indexes from 0 on; empty where nobody knows. Never waits. */
    public Optional<Integer> visible() {
        Optional<Integer> present =
                Optional.ofNullable(inventoryRead).map(_ -> inventory.devices().size());
        return VisibleGpus.count(present, System.getenv());
    }

    /** The last reading; never waits. */
    public DeviceReading reading() {
        return reading;
    }

    /** When that was; empty when it never was. */
    public Optional<Instant> lastRead() {
        return Optional.ofNullable(read);
    }

    /** Why the last poll failed; empty when it did not. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Since when this monitor, and with it the daemon, exists. */
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** MiB of GPU memory of a process at the last reading; empty when it has none, or nobody says. */
    public Optional<Long> usedBy(long pid) {
        return reading.usedBy(pid);
    }

    private void pollUntilClosed() {
        try {
            while (!closed) {
                poll();
                firstPoll.countDown();
                Thread.sleep(poll);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            firstPoll.countDown();
        }
    }

    private void poll() throws InterruptedException {
        if (!nvidiaSmi.present()) {
            // A host without GPUs is in order. One that had them a moment ago is not: then the run says what is wrong.
            if (inventoryRead == null) {
                missing.ifPresent(this::failed);
                return;
            }
        }
        try {
            if (inventoryRead == null) {
                inventory = nvidiaSmi.inventory();
                inventoryRead = clock.instant();
                if (!inventory.devices().isEmpty()) {
                    xids.start();
                }
            }
            reading = nvidiaSmi.reading();
            read = clock.instant();
            problem = null;
        } catch (IOException | RuntimeException e) {
            failed(ForeignText.of(e.getMessage(), ForeignText.MESSAGE));
        }
    }

    private void failed(String reason) {
        if (problem == null) {
            LOG.warn("the devices cannot be read, the last reading stays: {}", reason);
        }
        problem = reason;
    }

    @Override
    public void close() {
        closed = true;
        Thread polling = thread;
        if (polling != null) {
            polling.interrupt();
        }
        xids.close();
    }
}
