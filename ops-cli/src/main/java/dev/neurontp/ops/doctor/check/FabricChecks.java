package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.FabricManager;
import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What connects the GPUs: NVSwitch and its fabric manager, NVLink, peer access. */
final class FabricChecks {
    private static final long COMPLETED = 3;
    private static final List<String> STATES = List.of("not supported", "not started", "in progress", "completed");
    private static final List<String> P2P = List.of(
            "OK",
            "CHIPSET_NOT_SUPPORTED",
            "GPU_NOT_SUPPORTED",
            "IOH_TOPOLOGY_NOT_SUPPORTED",
            "DISABLED_BY_REGKEY",
            "NOT_SUPPORTED",
            "UNKNOWN");

    private FabricChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D05, FabricChecks::fabricManager),
                new Check(Row.D09, FabricChecks::links),
                new Check(Row.D17, FabricChecks::peers));
    }

    private static Finding fabricManager(Evidence evidence) {
        HostFiles files = evidence.host().files();
        boolean switches = hasSwitches(files);
        List<String> states = GpuChecks.each(
                evidence,
                gpu -> gpu.facts()
                        .number("fabric_state")
                        .filter(state -> state > 0)
                        .filter(state -> state != COMPLETED || gpu.facts().above("fabric_status", 0))
                        .map(state ->
                                "fabric " + (state < STATES.size() ? STATES.get(state.intValue()) : "state " + state)
                                        + gpu.facts()
                                                .number("fabric_status")
                                                .filter(status -> status > 0)
                                                .map(status -> ", status " + status)
                                                .orElse("")));
        boolean completed = evidence.gpus().stream().anyMatch(gpu -> gpu.facts().is("fabric_state", COMPLETED));
        boolean notReady = CudaResults.cuInit(evidence) == CudaResults.SYSTEM_NOT_READY;
        String remedy = "systemctl enable --now nvidia-fabricmanager, of the same version as the driver;"
                + " nvidia-smi -q | grep -A 2 Fabric says when it is Completed";
        if (!states.isEmpty() || notReady) {
            return Finding.fail(
                    states.isEmpty() ? "CUDA says that the system is not ready (cuInit 802)" : Finding.join(states),
                    "fabric state Completed on every GPU",
                    remedy);
        }
        if (!switches || completed) {
            return Finding.ok(switches ? "fabric Completed" : "no NVSwitch here that would need a fabric manager");
        }
        if (GpuChecks.hasProcess(files, FabricManager.PROCESS)) {
            return Finding.ok("nv-fabricmanager runs");
        }
        return evidence.host().container()
                ? Finding.skipped("the host's processes cannot be seen from a container")
                : Finding.fail("NVSwitches, and no process nv-fabricmanager", "a fabric manager that runs", remedy);
    }

    /** Whether the driver shows NVSwitches. Those of NVLink 5 it does not show. */
    static boolean hasSwitches(HostFiles files) {
        return !files.names("/proc/driver/nvidia-nvswitch/devices").isEmpty()
                || files.names("/dev").stream().anyMatch(name -> name.matches("nvidia-nvswitch[0-9]+"));
    }

    private static Finding links(Evidence evidence) {
        OptionalInt most = evidence.gpus().stream()
                .mapToInt(gpu -> gpu.facts().list("links_up").size())
                .max();
        List<String> down = GpuChecks.each(evidence, gpu -> {
            int up = gpu.facts().list("links_up").size();
            List<String> inactive = gpu.facts().list("links_down");
            if (!inactive.isEmpty()) {
                return Optional.of("links " + String.join(" ", inactive) + " are inactive, " + up + " are up");
            }
            return gpu.facts().values().containsKey("links_up") && up < most.orElse(0)
                    ? Optional.of(up + " links, another GPU has " + most.orElse(0))
                    : Optional.empty();
        });
        if (!down.isEmpty()) {
            return Finding.warn(
                    Finding.join(down),
                    "every NVLink up, the same number on each GPU",
                    "nvidia-smi nvlink -s; stop the users of the GPU and reset it");
        }
        return most.orElse(0) == 0
                ? Finding.ok("no NVLink here")
                : Finding.ok(
                        "NVLink " + most.orElse(0) + " up on " + evidence.gpus().size() + " GPUs");
    }

    private static Finding peers(Evidence evidence) {
        List<String> without = new ArrayList<>();
        int pairs = 0;
        for (Gpu gpu : evidence.gpus()) {
            for (Gpu other : evidence.gpus()) {
                Optional<Long> status = gpu.facts().number("p2p." + other.index());
                if (status.isPresent()) {
                    pairs++;
                }
                status.filter(code -> code > 0)
                        .map(code -> "GPU " + gpu.index() + "-" + other.index() + ": "
                                + (code < P2P.size() ? P2P.get(code.intValue()) : "status " + code))
                        .ifPresent(without::add);
            }
        }
        if (pairs == 0) {
            return Finding.skipped(evidence.gpus().size() < 2 ? "one GPU has no peer" : "this driver does not say");
        }
        return without.isEmpty()
                ? Finding.ok("peer access on all pairs, both ways")
                : Finding.warn(
                        Finding.join(without),
                        "peer access, reading and writing: else traffic goes through the host's memory",
                        "nvidia-smi topo -p2p r; check ACS (D15), IOMMU (D16) and the driver");
    }
}
