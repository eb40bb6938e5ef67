package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What every pool of a daemon shares.
 *
 * @param records who keeps what the pools were
 * @param rules what a pool may be
 * @param commandsAreWorkers whether commands that are not our own are the workers themselves; asked for each new pool
 * @param log what the log says of them
 * @param logLines how many lines of a pool's stderr are kept
 * @param waiting how many operations may wait on a pool
 * @param proof how old a round trip may be and still prove that a pool answers
 */
public record PoolServices(
        Clock clock,
        EventLog events,
        DaemonMetrics metrics,
        DeviceMonitor devices,
        WorkerLedger ledger,
        PoolRecords records,
        PlanRules rules,
        BooleanSupplier commandsAreWorkers,
        PoolLifeLog log,
        int logLines,
        int waiting,
        Duration proof) {}
