package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the file of this daemon's workers up to date. Any thread may call. */
public final class WorkerLedger {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLedger.class);

    private final DaemonFile self;
    private final Map<String, List<ProcessIdentity>> pools = new TreeMap<>();
    private RuntimeFolder folder;

    public WorkerLedger(RuntimeFolder folder, DaemonFile self) {
        this.folder = folder;
        this.self = self;
    }

    /** Notes the processes of a pool, rank 0's first. */
    public synchronized void add(String pool, List<ProcessIdentity> ranks) {
        pools.put(pool, List.copyOf(ranks));
        write();
    }

    /** Whether every rank of every pool was seen to end. */
    public synchronized boolean isEmpty() {
        return pools.isEmpty();
    }

    /** The pool has ended, every rank was seen to end. */
    public synchronized void remove(String pool) {
        pools.remove(pool);
        write();
    }

    /** Writes to {@code other} from now on. */
    synchronized void moveTo(RuntimeFolder other) {
        folder = other;
        write();
    }

    private void write() {
        List<WorkersFile.Worker> workers = new ArrayList<>();
        pools.forEach((pool, ranks) -> {
            for (int rank = 0; rank < ranks.size(); rank++) {
                ProcessIdentity process = ranks.get(rank);
                workers.add(new WorkersFile.Worker(pool, rank, process.pid(), process.startTicks(), process.bootId()));
            }
        });
        WorkersFile file =
                new WorkersFile(DaemonFile.FORMAT, self.pid(), self.startTicks(), self.bootId(), workers, self.host());
        try {
            Path place = folder.free(folder.workersFiles(self.pid()), known -> WorkersFile.isOf(self, known));
            PrivateFile.replace(place, Json.bytes(file));
        } catch (IOException e) {
            // The workers go by themselves when this daemon dies; only the report of the next start would miss them.
            LOG.warn("the list of workers is not up to date: {}", e.getMessage());
        }
    }
}
