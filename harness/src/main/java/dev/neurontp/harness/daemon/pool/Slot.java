package dev.neurontp.harness.daemon.pool;

/**
 * A device of a host.
 *
 * @param host its name; empty for this one
 * @param device its index there
 */
record Slot(String host, long device) {
    @Override
    public String toString() {
        return host.isEmpty() ? Long.toString(device) : host + ":" + device;
    }
}
