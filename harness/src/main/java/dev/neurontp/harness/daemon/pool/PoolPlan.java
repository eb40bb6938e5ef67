package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.PlannedProcess;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.pool.SharedGpu;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pool shall be, checked and complete.
 *
 * @param name no other live pool of the daemon has it
 * @param labels what its users say of it, by key
 * @param shareDevices whether its ranks may have a GPU of each other or of another pool
 * @param restart whether it is started anew where it has failed; anything but never wants a name
 * @param command what the workers are started with
 * @param placement where its ranks are started; empty for this host
 * @param own whether that is this installation's own worker, which runs on this host
 */
public record PoolPlan(
        Optional<String> name,
        Map<String, String> labels,
        int worldSize,
        List<Long> devices,
        boolean shareDevices,
        RestartPolicy restart,
        CommunicatorProvider communicator,
        List<String> command,
        boolean own,
        Optional<Placement> placement,
        Deadlines deadlines) {
    private static final String DRY_RUN = "dry-run";

    public PoolPlan {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        devices = List.copyOf(devices);
        command = List.copyOf(command);
    }

    /** Its name in quotes, with a blank before it; nothing where it has none. */
    String quotedName() {
        return name.map(text -> " '" + text + "'").orElse("");
    }

    /** {@code 2 ranks over loopback}. */
    String size() {
        return worldSize + (worldSize == 1 ? " rank" : " ranks") + " over " + communicatorLabel();
    }

    /** The communicator's name, as whatever this daemon shows of it has it: a pool on a simulation must never look like one on hardware. */
    public String communicatorLabel() {
        return communicator.name() + (communicator.isSimulated() ? " (SIMULATION)" : "");
    }

    /** The same processes with what can change while they run: labels and restart policy of {@code other}. */
    PoolPlan configuredAs(PoolPlan other) {
        return new PoolPlan(
                name,
                other.labels,
                worldSize,
                devices,
                shareDevices,
                other.restart,
                communicator,
                command,
                own,
                placement,
                deadlines);
    }

    /** The name of the host of a rank; empty where it is the daemon's. */
    public Optional<String> host(int rank) {
        return placement.map(places -> places.of(rank).host());
    }

    /** Its ranks on other hosts, as they are started as the pool with that id; empty where it has none. */
    List<PlacedRank> placed(String id) {
        List<PlacedRank> ranks = new ArrayList<>();
        placement.map(places -> places.named(id)).ifPresent(places -> {
            for (int rank = 0; rank < worldSize; rank++) {
                Place place = places.of(rank);
                long device = devices.get(rank);
                ranks.add(PlacedRank.starting(
                        id,
                        rank,
                        place.launcher().name(),
                        place.host(),
                        place.machine(),
                        device,
                        communicator.needsGpu(),
                        places.lease(),
                        places.end(new Placement.Rank(rank, worldSize, device)),
                        rank == 0 ? places.end(Placement.ofCommId(worldSize, device)) : Optional.empty()));
            }
        });
        return ranks;
    }

    /** The devices that it has, each with its host; that of this host is empty. */
    List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (int rank = 0; rank < devices.size(); rank++) {
            slots.add(slot(rank));
        }
        return slots;
    }

    private Slot slot(int rank) {
        long device = devices.get(rank);
        return placement
                .map(places -> places.of(rank))
                .map(place -> new Slot(place.host(), place.machine(), device))
                .orElseGet(() -> Slot.here(device));
    }

    /** How that pool is started, by the id that it has. */
    PoolOptions options(String id) {
        String pool = "NEURON_TP_POOL"; // for what the operating system shows of a worker
        PoolOptions options = PoolOptions.DEFAULT
                .withCommunicator(communicator)
                .withDeadlines(deadlines)
                .withRankZero(PoolOptions.RankZero.SPAWNED)
                .withEnvironment(shareDevices ? Map.of(pool, id, SharedGpu.SHARED, "1") : Map.of(pool, id));
        return placement.map(places -> options.withPlacement(places.named(id))).orElse(options);
    }

    /**
     * Whether it could be started.
     *
     * @throws IllegalArgumentException when it could not, with the reason
     */
    void requireProgram() {
        PlannedProcess.of(command, worldSize, devices, options(DRY_RUN));
    }

    /**
     * What would be started on other hosts; empty for a pool of this host. Ids are given out at the start only: here it is {@code dry-run}.
     *
     * @throws PoolRequestException when it could not be started
     */
    public List<PlannedProcess> planned() {
        if (placement.isEmpty()) {
            return List.of();
        }
        try {
            return PlannedProcess.of(command, worldSize, devices, options(DRY_RUN));
        } catch (IllegalArgumentException e) {
            throw new PoolRequestException(ErrorType.WRONG_SHAPE, e.getMessage());
        }
    }
}
