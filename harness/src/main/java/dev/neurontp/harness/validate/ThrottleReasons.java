package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;

/** Why a GPU's clock is lowered, from the bits of nvmlDeviceGetCurrentClocksEventReasons (nvml.h). */
public final class ThrottleReasons {
    private static final long HARDWARE = 0x8;
    private static final long SOFTWARE_THERMAL = 0x20;
    private static final long HARDWARE_THERMAL = 0x40;
    private static final long POWER_BRAKE = 0x80;

    private ThrottleReasons() {}

    /** Those by which heat or power slow it down, such as {@code hardware power brake}; empty where it is idle or as set. */
    public static String words(long bits) {
        List<String> words = new ArrayList<>();
        String hardware = hardwareWords(bits);
        if (!hardware.isEmpty()) {
            words.add(hardware);
        }
        if ((bits & SOFTWARE_THERMAL) != 0) {
            words.add("software thermal slowdown");
        }
        return String.join(", ", words);
    }

    /** Those of the hardware alone. */
    static String hardwareWords(long bits) {
        List<String> words = new ArrayList<>();
        if ((bits & HARDWARE_THERMAL) != 0) {
            words.add("hardware thermal slowdown");
        }
        if ((bits & POWER_BRAKE) != 0) {
            words.add("hardware power brake");
        }
        // The general bit is set beside each of the others.
        if ((bits & HARDWARE) != 0 && words.isEmpty()) {
            words.add("hardware slowdown");
        }
        return String.join(", ", words);
    }
}
