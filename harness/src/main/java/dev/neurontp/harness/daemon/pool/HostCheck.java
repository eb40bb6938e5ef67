package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Whether this host has what the workers of a pool need: their program, and where they are our own what they need to run here. */
final class HostCheck {
    /** A little more than one run of nvidia-smi may take with the usual settings. */
    private static final Duration FIRST_READING = Duration.ofSeconds(4);

    private HostCheck() {}

    /**
     * Returns where nothing is known against it. Waits for the first reading of the devices, with a bound.
     *
     * @throws PoolRequestException with what is missing
     */
    static void require(PoolPlan plan, DeviceMonitor devices, Map<String, String> environment)
            throws InterruptedException {
        if (!plan.own() || plan.placement().isPresent() || !plan.communicator().needsGpu()) {
            return;
        }
        devices.awaitFirst(FIRST_READING);
        Optional<Integer> visible = devices.visible();
        for (int rank = 0; visible.isPresent() && rank < plan.worldSize(); rank++) {
            long device = plan.devices().get(rank);
            if (device >= visible.get()) {
                throw new PoolRequestException(
                        ErrorType.NO_SUCH_DEVICE,
                        "rank " + rank + " would have the GPU " + device + ", and a worker of this host sees "
                                + (visible.get() == 0 ? "none" : "0 to " + (visible.get() - 1))
                                + ": name others with devices, or use the communicator loopback");
            }
        }
        obstacle(plan.communicator(), environment).ifPresent(why -> {
            throw new PoolRequestException(
                    ErrorType.COMMUNICATOR_UNAVAILABLE, ForeignText.of(why, ForeignText.MESSAGE));
        });
    }

    /**
     * Returns where the program of the workers, or that of each of their launchers, can be started, before another pool ends for them.
     *
     * @throws PoolRequestException with the reason
     */
    static void requireProgram(PoolPlan plan) {
        try {
            plan.requireProgram();
        } catch (IllegalArgumentException e) {
            throw cannotStart(plan, e);
        }
    }

    /**
     * Returns where it can be written down what is started on other hosts, before another pool ends for it.
     *
     * @throws PoolRequestException with the reason
     */
    static void requireRecord(PoolPlan plan, WorkerLedger ledger) {
        if (plan.placement().isPresent()) {
            ledger.obstacle().ifPresent(why -> {
                throw notWritten(why);
            });
        }
    }

    static PoolRequestException notWritten(String why) {
        return new PoolRequestException(
                ErrorType.NOT_READY,
                "what is started on other hosts cannot be written down, and after a crash of this daemon nobody would end it there: "
                        + why);
    }

    /** Our own program is nobody's choice: that it cannot be started is this host's matter. */
    static PoolRequestException cannotStart(PoolPlan plan, IllegalArgumentException why) {
        return new PoolRequestException(plan.own() ? ErrorType.NOT_READY : ErrorType.WRONG_SHAPE, why.getMessage());
    }

    /** The file system of a library may answer nothing. */
    private static Optional<String> obstacle(CommunicatorProvider communicator, Map<String, String> environment) {
        try {
            return BoundedAccess.call(() -> communicator.obstacle(environment));
        } catch (ThreadLimitException _) {
            return communicator.obstacle(environment); // what comes next names the limit
        } catch (IOException e) {
            return Optional.of("its libraries cannot be looked at: " + e.getMessage());
        }
    }
}
