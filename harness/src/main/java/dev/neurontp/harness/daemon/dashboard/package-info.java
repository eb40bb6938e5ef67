/** Who may look at the daemon from a browser. The page itself is in the resources of this package. */
package dev.neurontp.harness.daemon.dashboard;
