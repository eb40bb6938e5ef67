package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.harness.nvml.Nvml;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All lines about one GPU. Struct offsets are those of nvml.h, API 13. */
final class NvmlDevice {
    private static final int PCI_INFO_BYTES = 68;
    private static final int PCI_BUS_ID = 36;
    private static final int MEMORY_BYTES = 24;
    private static final int MEMORY_USED = 16;
    private static final int MOST_PROCESSES = 256;
    private static final int PROCESS_BYTES = 24;
    private static final int FIELD_BYTES = 40;
    private static final int FIELD_RESULT = 28;
    private static final int FIELD_VALUE = 32;
    private static final int LINK_COUNT = 91;
    private static final int RECOVERY_ACTION = 230;
    private static final int MOST_LINKS = 36;
    private static final int FABRIC_BYTES = 40;
    private static final int FABRIC_STATUS = 20;
    private static final int FABRIC_STATE = 28;
    private static final int FABRIC_HEALTH = 36;
    private static final int WITH_HEALTH = 0x03000028;
    private static final List<Integer> FABRIC_VERSIONS = List.of(WITH_HEALTH, 0x02000024);

    private static final List<String> LINK_COUNTERS =
            List.of("replays", "recoveries", "CRC errors of flits", "CRC errors of data");

    private final NvmlLines lines;
    private final Nvml nvml;
    private final MemorySegment device;

    NvmlDevice(NvmlLines lines) {
        this.lines = lines;
        this.nvml = lines.nvml();
        this.device = lines.device();
    }

    void describe() {
        text("name", "nvmlDeviceGetName");
        text("uuid", "nvmlDeviceGetUUID");
        text("serial", "nvmlDeviceGetSerial");
        text("vbios", "nvmlDeviceGetVbiosVersion");
        try (Arena arena = Arena.ofConfined()) {
            pci(arena.allocate(PCI_INFO_BYTES, Long.BYTES));
            memory(arena.allocate(MEMORY_BYTES, Long.BYTES));
            processes(arena);
            MemorySegment number = arena.allocate(JAVA_LONG);
            number(number, "minor", "nvmlDeviceGetMinorNumber");
            number(number, "compute_mode", "nvmlDeviceGetComputeMode");
            number(number, "persistence", "nvmlDeviceGetPersistenceMode");
            number(number, "pcie_width", "nvmlDeviceGetCurrPcieLinkWidth");
            number(number, "pcie_width_max", "nvmlDeviceGetMaxPcieLinkWidth");
            number(number, "pcie_generation", "nvmlDeviceGetCurrPcieLinkGeneration");
            number(number, "pcie_generation_max", "nvmlDeviceGetMaxPcieLinkGeneration");
            number(number, "pcie_replays", "nvmlDeviceGetPcieReplayCounter");
            number(number, "power_mw", "nvmlDeviceGetPowerUsage");
            number(number, "power_limit_mw", "nvmlDeviceGetEnforcedPowerLimit");
            number(number, "retired_pending", "nvmlDeviceGetRetiredPagesPendingStatus");
            modes(number, arena.allocate(JAVA_INT));
            NvmlCounters counters = new NvmlCounters(lines);
            counters.clockReasons();
            counters.memoryErrors();
            field(arena, "recovery", RECOVERY_ACTION);
            field(arena, "links", LINK_COUNT);
            links(number);
            new NvmlLoad(lines).describe();
            fabric(arena.allocate(FABRIC_BYTES, Long.BYTES));
        }
    }

    private void text(String key, String function) {
        nvml.text(function, device).ifPresent(value -> lines.say(key, value));
    }

    private void number(MemorySegment number, String key, String function) {
        lines.number(key, nvml.call(function, device, number), number);
    }

    private void pci(MemorySegment info) {
        if (lines.worked(nvml.call("nvmlDeviceGetPciInfo_v3", device, info))) {
            String bus = Nvml.text(info.asSlice(PCI_BUS_ID)).toLowerCase(Locale.ROOT);
            // NVML has eight digits for the domain, the kernel and CUDA four.
            lines.say("pci", bus.matches("0000[0-9a-f]{4}:.*") ? bus.substring(4) : bus);
        }
    }

    private void memory(MemorySegment memory) {
        if (lines.worked(nvml.call("nvmlDeviceGetMemoryInfo", device, memory))) {
            lines.say("memory_total", Long.toUnsignedString(memory.get(JAVA_LONG, 0)));
            lines.say("memory_used", Long.toUnsignedString(memory.get(JAVA_LONG, MEMORY_USED)));
        }
    }

    private void processes(Arena arena) {
        MemorySegment count = arena.allocate(JAVA_INT);
        count.set(JAVA_INT, 0, MOST_PROCESSES);
        MemorySegment list = arena.allocate((long) PROCESS_BYTES * MOST_PROCESSES, Long.BYTES);
        if (lines.worked(nvml.call("nvmlDeviceGetComputeRunningProcesses_v3", device, count, list))) {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < Math.clamp(count.get(JAVA_INT, 0), 0, MOST_PROCESSES); i++) {
                long at = (long) i * PROCESS_BYTES;
                // All ones in the size stands for not available.
                found.add(Integer.toUnsignedString(list.get(JAVA_INT, at)) + ":"
                        + Math.max(0, list.get(JAVA_LONG, at + Long.BYTES)));
            }
            lines.say("processes", String.join(",", found));
        }
    }

    private void modes(MemorySegment current, MemorySegment pending) {
        if (lines.worked(nvml.call("nvmlDeviceGetMigMode", device, current, pending))) {
            lines.say("mig", Integer.toString(current.get(JAVA_INT, 0)));
        }
    }

    private void field(Arena arena, String key, int id) {
        MemorySegment field = arena.allocate(FIELD_BYTES, Long.BYTES);
        field.set(JAVA_INT, 0, id);
        if (lines.worked(nvml.call("nvmlDeviceGetFieldValues", device, 1, field))
                && field.get(JAVA_INT, FIELD_RESULT) == Nvml.SUCCESS) {
            lines.say(key, Integer.toUnsignedString(field.get(JAVA_INT, FIELD_VALUE)));
        }
    }

    private void links(MemorySegment state) {
        List<String> up = new ArrayList<>();
        List<String> down = new ArrayList<>();
        for (int link = 0; link < MOST_LINKS; link++) {
            if (nvml.call("nvmlDeviceGetNvLinkState", device, link, state) == Nvml.SUCCESS) {
                (state.get(JAVA_INT, 0) == 1 ? up : down).add(Integer.toString(link));
            }
        }
        if (!up.isEmpty() || !down.isEmpty()) {
            lines.say("links_up", String.join(",", up));
            lines.say("links_down", String.join(",", down));
            lines.say("link_errors", String.join(",", linkErrors(up, state)));
        }
    }

    /** Such as {@code 3: 7 replays}, for every link and counter that is not 0. */
    private List<String> linkErrors(List<String> links, MemorySegment count) {
        List<String> errors = new ArrayList<>();
        for (String link : links) {
            for (int counter = 0; counter < LINK_COUNTERS.size(); counter++) {
                count.set(JAVA_LONG, 0, 0);
                if (nvml.call("nvmlDeviceGetNvLinkErrorCounter", device, Integer.parseInt(link), counter, count)
                                == Nvml.SUCCESS
                        && count.get(JAVA_LONG, 0) != 0) {
                    errors.add(link + ": " + Long.toUnsignedString(count.get(JAVA_LONG, 0)) + " "
                            + LINK_COUNTERS.get(counter));
                }
            }
        }
        return errors;
    }

    private void fabric(MemorySegment info) {
        for (int version : FABRIC_VERSIONS) {
            info.fill((byte) 0);
            info.set(JAVA_INT, 0, version);
            if (lines.worked(nvml.call("nvmlDeviceGetGpuFabricInfoV", device, info))) {
                lines.say("fabric_status", Integer.toUnsignedString(info.get(JAVA_INT, FABRIC_STATUS)));
                lines.say("fabric_state", Integer.toString(info.get(JAVA_BYTE, FABRIC_STATE)));
                if (version == WITH_HEALTH) {
                    lines.say("fabric_health", Integer.toString(info.get(JAVA_BYTE, FABRIC_HEALTH)));
                }
                return;
            }
        }
    }
}
