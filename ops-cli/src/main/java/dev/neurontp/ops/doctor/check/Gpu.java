package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.probe.Facts;

/**
 * One GPU as NVML describes it.
 *
 * @param index NVML's, in the order of the PCI addresses
 */
public record Gpu(int index, Facts facts) {
    /** For a person: {@code GPU 1 (GPU-6d1f04c2, 0000:43:00.0)}. The UUID is cut where it stays readable. */
    public String label() {
        String uuid = facts.text("uuid").orElse("UUID not known");
        int first = uuid.indexOf('-', "GPU-".length());
        return "GPU " + index + " (" + (first > 0 ? uuid.substring(0, first) : uuid) + ", "
                + facts.text("pci").orElse("PCI address not known") + ")";
    }
}
