package dev.neurontp.conformance.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A group of mutant workers that meet in a folder: enough of a communicator for the suite's own tests. */
final class MutantGroup {

    private final MutantArguments identity;
    private final Faults faults;
    private Path joined;
    private int sums;

    MutantGroup(MutantArguments identity, Faults faults) {
        this.identity = identity;
        this.faults = faults;
    }

    String init(String commId) {
        if (!commId.matches(faults.has("lower-case-ids-only") ? "[0-9a-f]{256}" : "[0-9a-fA-F]{256}")) {
            return faults.has("takes-any-id")
                    ? "{\"op\":\"init_ok\"}"
                    : error(faults.has("bad-id-is-bad-request") ? "bad_request" : "nccl_init_failed", "no comm_id");
        }
        if (joined != null && !faults.has("replaces-communicator")) {
            return error("nccl_already_initialised", "already joined");
        }
        if (faults.has("slow-group")) {
            LockSupport.parkNanos(700_000_000L);
        }
        try {
            Path place = MutantWorker.meetingPlace(commId.toLowerCase(Locale.ROOT));
            Files.createDirectories(place).toFile().deleteOnExit();
            Path mine = Files.writeString(place.resolve("rank-" + identity.rank()), "");
            mine.toFile().deleteOnExit();
            while (!faults.has("joins-alone") && count(place) < identity.size()) {
                LockSupport.parkNanos(2_000_000L);
            }
            joined = place;
            return "{\"op\":\"init_ok\"}";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.count();
        }
    }

    String sanity() {
        if (joined == null) {
            return faults.has("sums-before-init")
                    ? "{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}"
                    : error("nccl_not_initialised", "init comes first");
        }
        sums++;
        if (faults.has("slow-group")) {
            LockSupport.parkNanos(200_000_000L + identity.rank() * 100_000_000L);
        }
        if (faults.has("one-sum-only") && sums > 1) {
            return error("nccl_sanity_failed", "once is enough");
        }
        long sum = faults.has("sums-to-one") ? 1 : faults.has("sums-to-two") ? 2 : identity.size();
        return "{\"op\":\"nccl_sanity_result\",\"observed_sum\":" + sum + "}";
    }

    private String error(String kind, String message) {
        return MutantRequests.error(faults, kind, message, sums);
    }
}
