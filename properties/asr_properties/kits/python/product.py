"""A stand-in for your product: replication of one machine can be enabled and disabled, on virtual time."""

from __future__ import annotations

MINUTE, HOUR = 60, 3600

# Age from which one recovery point is kept of each stretch of so many seconds; what is younger is kept.
THINNING = ((168 * HOUR, 4 * HOUR), (24 * HOUR, 2 * HOUR), (2 * HOUR, HOUR))

# The machine in Azure, as each life of the item begins with it.
FIRST_SETTINGS = {
    "name": "vm",
    "resource_group": "recovered",
    "size": "Standard_D2s_v3",
    "disk_type": "StandardSSD_LRS",
    "network": "recovery-network",
    "subnet": "default",
    "ip_address": None,  # the network gives one
}


class Product:
    def __init__(self, new_id, crash_consistent_minutes, retention_minutes):
        self.new_id = new_id
        self.interval = crash_consistent_minutes * MINUTE
        self.retention = retention_minutes * MINUTE
        self.now = 0
        self.due = []  # (instant, what happens then)
        self.jobs = {}
        self.forget()

    def forget(self):
        self.phase, self.replicating, self.current_job, self.id = "not_replicated", "none", None, None
        self.points, self.settings = [], None

    # Time.

    def after(self, seconds, action):
        self.due.append((self.now + seconds, action))

    def pass_time_until(self, end):
        while self.due and min(self.due, key=first)[0] <= end:
            event = min(self.due, key=first)
            self.due.remove(event)
            self.now = event[0]
            event[1]()
        self.now = end

    # Operations: each begins a job and gives its id.

    def allows(self, operation):
        if self.current_job is not None:
            return False
        return (operation == "enable_replication") == (self.phase == "not_replicated")

    def enable_replication(self):
        self.id, self.settings = self.new_id("item"), dict(FIRST_SETTINGS)
        return self.begin("EnableDr", 27 * MINUTE, "enabling_replication", self.enabled)

    def enabled(self):
        life = self.id
        self.phase, self.replicating = "initial_replication", "to_azure"
        self.after(25 * MINUTE, lambda: self.reach(life, "awaiting_first_recovery_point"))
        self.after(45 * MINUTE, lambda: self.reach(life, "protected"))

    def reach(self, life, phase):
        """Go on, unless replication was disabled meanwhile."""
        if self.id == life and self.replicating == "to_azure":
            self.phase = phase
            if phase == "protected":
                self.make_point(life)

    def disable_replication(self):
        self.replicating = "none"
        return self.begin("DisableDr", 70, "disabling_replication", self.forget)

    def begin(self, scenario, seconds, phase, at_end):
        job = self.new_id("job")
        self.jobs[job] = {"state": "in_progress", "scenario": scenario, "ends": self.now + seconds}
        self.phase, self.current_job = phase, job

        def end():
            self.jobs[job]["state"] = "succeeded"
            self.current_job = None
            at_end()

        self.after(seconds, end)
        return job

    # Settings of the machine in Azure.

    def changes_settings(self, changes):
        """Whether the settings are changed: Azure has no name, size or network with such characters."""
        named = [changes.get(key, "") for key in ("name", "size", "network")]
        if self.settings is None or any(character in value for value in named for character in "*?"):
            return False
        self.settings = {**self.settings, **changes}
        return True

    # Recovery points.

    def make_point(self, life):
        if self.id == life and self.replicating == "to_azure":
            point = {"id": self.new_id("point"), "kind": "crash_consistent", "created": self.now, "multi_vm": False}
            self.points.append(point)
            self.points = self.kept()
            self.after(self.interval, lambda: self.make_point(life))

    def kept(self):
        """The points that retention keeps, oldest first; of a stretch the oldest."""
        kept, taken = [], set()
        for point in self.points:
            age = self.now - point["created"]
            stretch = next((stretch for since, stretch in THINNING if age >= since), None)
            place = stretch and (stretch, point["created"] // stretch)
            if age < self.retention and (stretch is None or place not in taken):
                kept.append(point)
                taken.add(place)
        return kept

    # What is seen.

    def recovery_points(self):
        return list(reversed(self.kept()))

    def seen(self, fields):
        if self.phase == "not_replicated":
            return None
        seen = {
            "id": self.id,
            "phase": self.phase,
            "active_site": "on_premises",
            "replicating": self.replicating,
            "drill": "no_drill",
            "health": "normal",
            "current_job": self.current_job,
        }
        return {field: seen[field] for field in fields}


def first(event):
    return event[0]
