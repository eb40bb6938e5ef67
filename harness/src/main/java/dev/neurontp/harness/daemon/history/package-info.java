/** What a daemon's pools were, in files that outlive it: the one who writes them, and whoever reads them. */
package dev.neurontp.harness.daemon.history;
