-- Generated from crmcli/store/models by `make schema`; do not edit.

CREATE TABLE app_user (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (uid),
    UNIQUE (name)
);

CREATE TABLE change_group (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    command TEXT,
    undone_by_id INTEGER,
    part_of_id INTEGER,
    CHECK (source IN ('cli', 'tui', 'import', 'cron', 'hook', 'migration', 'undo', 'outside')),
    FOREIGN KEY(undone_by_id) REFERENCES change_group (id),
    FOREIGN KEY(part_of_id) REFERENCES change_group (id)
);

CREATE INDEX ix_change_group_part ON change_group (part_of_id) WHERE part_of_id IS NOT NULL;

CREATE INDEX ix_change_group_undone ON change_group (undone_by_id) WHERE undone_by_id IS NOT NULL;

CREATE TABLE custom_field (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    noun TEXT NOT NULL,
    "key" TEXT NOT NULL,
    title TEXT NOT NULL,
    type TEXT DEFAULT 'text' NOT NULL,
    choices TEXT,
    required INTEGER DEFAULT '0' NOT NULL,
    is_unique INTEGER DEFAULT '0' NOT NULL,
    default_value TEXT,
    CHECK (noun IN ('contact', 'org', 'deal')),
    CHECK (type IN ('text', 'number', 'money', 'date', 'choice', 'multi', 'bool', 'url')),
    CHECK (required IN (0, 1)),
    CHECK (is_unique IN (0, 1)),
    CHECK (choices IS NULL OR json_valid(choices)),
    CHECK (default_value IS NULL OR json_valid(default_value))
);

CREATE UNIQUE INDEX ux_custom_field ON custom_field (noun, "key");

CREATE TABLE import_profile (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    options TEXT DEFAULT '{}' NOT NULL,
    CHECK (json_valid(options)),
    UNIQUE (name_norm)
);

CREATE TABLE name_word (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    word TEXT NOT NULL,
    reversed TEXT NOT NULL,
    UNIQUE (word)
);

CREATE INDEX ix_name_word_reversed ON name_word (reversed);

CREATE TABLE notification_log (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL,
    occurrence TEXT NOT NULL,
    transport TEXT NOT NULL,
    sent_at TEXT NOT NULL
);

CREATE UNIQUE INDEX ux_notification ON notification_log (item, occurrence, transport);

CREATE TABLE pipeline (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    holds TEXT DEFAULT 'deal' NOT NULL,
    is_default INTEGER DEFAULT '0' NOT NULL,
    archived_at TEXT,
    CHECK (length(trim(name)) > 0),
    CHECK (holds IN ('deal', 'contact')),
    CHECK (is_default IN (0, 1)),
    CHECK (is_default = 0 OR archived_at IS NULL)
);

CREATE UNIQUE INDEX ux_pipeline_default ON pipeline (holds) WHERE is_default = 1;

CREATE UNIQUE INDEX ux_pipeline_name ON pipeline (name_norm) WHERE archived_at IS NULL;

CREATE TABLE rate (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    base TEXT NOT NULL,
    quote TEXT NOT NULL,
    on_date TEXT NOT NULL,
    rate TEXT NOT NULL,
    CHECK (length(base) = 3),
    CHECK (length(quote) = 3),
    CHECK (base <> quote)
);

CREATE UNIQUE INDEX ux_rate ON rate (base, quote, on_date);

CREATE TABLE reason (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    needs_note INTEGER DEFAULT '0' NOT NULL,
    archived_at TEXT,
    CHECK (scope IN ('lost', 'unqualified')),
    CHECK (needs_note IN (0, 1))
);

CREATE UNIQUE INDEX ux_reason ON reason (scope, name_norm);

CREATE TABLE relationship_type (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    inverse TEXT NOT NULL,
    inverse_norm TEXT NOT NULL,
    UNIQUE (name_norm)
);

CREATE UNIQUE INDEX ux_relationship_inverse ON relationship_type (inverse_norm);

CREATE TABLE saved_view (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    noun TEXT NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    filter TEXT NOT NULL,
    sort TEXT,
    fields TEXT,
    CHECK (noun IN ('contact', 'org', 'task', 'interaction', 'deal')),
    CHECK (length(trim(filter)) > 0),
    UNIQUE (name_norm)
);

CREATE TABLE score_rule (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    dimension TEXT NOT NULL,
    label TEXT NOT NULL,
    label_norm TEXT NOT NULL,
    filter TEXT NOT NULL,
    points INTEGER NOT NULL,
    max_count INTEGER DEFAULT '1' NOT NULL,
    decay_days INTEGER,
    CHECK (dimension IN ('fit', 'engagement')),
    CHECK (length(trim(filter)) > 0),
    CHECK (points BETWEEN -1000 AND 1000 AND points <> 0),
    CHECK (max_count BETWEEN 1 AND 1000),
    CHECK (decay_days BETWEEN 1 AND 3650),
    CHECK (dimension = 'engagement' OR (decay_days IS NULL AND max_count = 1)),
    UNIQUE (label_norm)
);

CREATE TABLE search_doc (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    noun TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE source (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    medium TEXT,
    UNIQUE (name_norm)
);

CREATE TABLE sync_item (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    folder TEXT NOT NULL,
    filename TEXT NOT NULL,
    uid TEXT NOT NULL,
    card TEXT NOT NULL
);

CREATE UNIQUE INDEX ux_sync_item ON sync_item (folder, filename);

CREATE UNIQUE INDEX ux_sync_item_uid ON sync_item (folder, uid);

CREATE TABLE tag (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    UNIQUE (name_norm)
);

CREATE TABLE cadence (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    tag_id INTEGER,
    days INTEGER NOT NULL,
    max_days INTEGER,
    CHECK (days BETWEEN 1 AND 3650),
    CHECK (max_days >= days),
    FOREIGN KEY(tag_id) REFERENCES tag (id)
);

CREATE UNIQUE INDEX ux_cadence ON cadence (coalesce(tag_id, 0));

CREATE TABLE change (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    last_row_id INTEGER,
    op TEXT NOT NULL,
    old TEXT,
    new TEXT,
    CHECK (op IN ('I', 'U', 'D')),
    CHECK (old IS NULL OR json_valid(old)),
    CHECK (new IS NULL OR json_valid(new)),
    FOREIGN KEY(group_id) REFERENCES change_group (id)
);

CREATE INDEX ix_change_group ON change (group_id, id);

CREATE INDEX ix_change_row ON change (table_name, row_id, id);

CREATE TABLE contact (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    uid TEXT NOT NULL,
    display_name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    prefix TEXT,
    given_name TEXT,
    additional_name TEXT,
    family_name TEXT,
    suffix TEXT,
    nickname TEXT,
    language TEXT,
    lifecycle_stage TEXT DEFAULT 'other' NOT NULL,
    note TEXT,
    custom TEXT DEFAULT '{}' NOT NULL,
    lead_status TEXT,
    unqualified_reason_id INTEGER,
    source_id INTEGER,
    owner_id INTEGER,
    cadence_days INTEGER,
    cadence_max_days INTEGER,
    bumped_on TEXT,
    paused_until_on TEXT,
    do_not_contact INTEGER DEFAULT '0' NOT NULL,
    deceased INTEGER DEFAULT '0' NOT NULL,
    last_touch_at TEXT,
    next_touch_on TEXT,
    unanswered TEXT,
    unanswered_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT,
    merged_into_id INTEGER,
    CHECK (merged_into_id <> id),
    CHECK (merged_into_id IS NULL OR archived_at IS NOT NULL),
    CHECK (length(trim(display_name)) > 0),
    CHECK (json_valid(custom)),
    CHECK (lifecycle_stage IN ('subscriber', 'lead', 'qualified', 'opportunity', 'customer', 'evangelist', 'other')),
    CHECK (lead_status IS NULL OR lead_status IN ('new', 'open', 'in_progress', 'attempted', 'connected', 'qualified', 'unqualified', 'bad_timing')),
    CHECK ((lead_status IS 'unqualified') = (unqualified_reason_id IS NOT NULL)),
    CHECK (cadence_days BETWEEN 1 AND 3650),
    CHECK (cadence_max_days >= cadence_days),
    CHECK (do_not_contact IN (0, 1)),
    CHECK (deceased IN (0, 1)),
    CHECK (unanswered IS NULL OR unanswered IN ('in', 'out')),
    UNIQUE (uid),
    FOREIGN KEY(unqualified_reason_id) REFERENCES reason (id),
    FOREIGN KEY(source_id) REFERENCES source (id),
    FOREIGN KEY(owner_id) REFERENCES app_user (id),
    FOREIGN KEY(merged_into_id) REFERENCES contact (id)
);

CREATE INDEX ix_contact_archived ON contact (archived_at) WHERE archived_at IS NOT NULL;

CREATE INDEX ix_contact_created ON contact (created_at, id) WHERE archived_at IS NULL;

CREATE INDEX ix_contact_merged ON contact (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_contact_name ON contact (name_norm, id) WHERE archived_at IS NULL;

CREATE INDEX ix_contact_next ON contact (next_touch_on, id) WHERE next_touch_on IS NOT NULL AND archived_at IS NULL;

CREATE INDEX ix_contact_owner ON contact (owner_id, lifecycle_stage) WHERE archived_at IS NULL;

CREATE INDEX ix_contact_source ON contact (source_id) WHERE source_id IS NOT NULL;

CREATE INDEX ix_contact_stage ON contact (lifecycle_stage, name_norm, id) WHERE archived_at IS NULL;

CREATE INDEX ix_contact_touch ON contact (last_touch_at, id) WHERE archived_at IS NULL;

CREATE INDEX ix_contact_unanswered ON contact (unanswered, unanswered_at, id) WHERE unanswered IS NOT NULL AND archived_at IS NULL;

CREATE TABLE goal (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    owner_id INTEGER,
    metric TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    target INTEGER NOT NULL,
    currency TEXT,
    CHECK (metric IN ('won_amount', 'won_count', 'new_contacts', 'touches')),
    CHECK (target > 0),
    CHECK (ends_on >= starts_on),
    CHECK ((metric = 'won_amount') = (currency IS NOT NULL)),
    FOREIGN KEY(owner_id) REFERENCES app_user (id)
);

CREATE UNIQUE INDEX ux_goal ON goal (coalesce(owner_id, 0), metric, starts_on, ends_on);

CREATE TABLE import_batch (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER,
    filename TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    mapping TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    at TEXT NOT NULL,
    is_done INTEGER DEFAULT '1' NOT NULL,
    CHECK (json_valid(mapping)),
    CHECK (is_done IN (0, 1)),
    FOREIGN KEY(group_id) REFERENCES change_group (id)
);

CREATE INDEX ix_import_batch_group ON import_batch (group_id);

CREATE TABLE journal_state (
    id INTEGER NOT NULL,
    group_id INTEGER,
    PRIMARY KEY (id),
    CHECK (id = 1),
    FOREIGN KEY(group_id) REFERENCES change_group (id)
);

CREATE TABLE org (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    uid TEXT NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    domain TEXT,
    kind TEXT DEFAULT 'prospect' NOT NULL,
    industry TEXT,
    note TEXT,
    custom TEXT DEFAULT '{}' NOT NULL,
    owner_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT,
    merged_into_id INTEGER,
    CHECK (merged_into_id <> id),
    CHECK (merged_into_id IS NULL OR archived_at IS NOT NULL),
    CHECK (length(trim(name)) > 0),
    CHECK (json_valid(custom)),
    CHECK (kind IN ('prospect', 'client', 'partner', 'supplier', 'investor', 'competitor', 'other')),
    UNIQUE (uid),
    FOREIGN KEY(owner_id) REFERENCES app_user (id),
    FOREIGN KEY(merged_into_id) REFERENCES org (id)
);

CREATE INDEX ix_org_domain ON org (domain) WHERE domain IS NOT NULL;

CREATE INDEX ix_org_merged ON org (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_org_name ON org (name_norm, id) WHERE archived_at IS NULL;

CREATE TABLE source_cost (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    source_id INTEGER NOT NULL,
    spent_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    note TEXT,
    CHECK (amount_minor > 0),
    CHECK (length(currency) = 3),
    FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_source_cost ON source_cost (source_id, spent_on);

CREATE TABLE stage (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    pipeline_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT DEFAULT 'open' NOT NULL,
    probability INTEGER NOT NULL,
    forecast_category TEXT NOT NULL,
    rotting_days INTEGER,
    guidance TEXT,
    required_fields TEXT DEFAULT '[]' NOT NULL,
    archived_at TEXT,
    CHECK (length(trim(name)) > 0),
    CHECK (kind IN ('open', 'won', 'lost')),
    CHECK (forecast_category IN ('pipeline', 'best_case', 'commit', 'closed', 'omitted')),
    CHECK (probability BETWEEN 0 AND 100),
    CHECK ((kind = 'won' AND probability = 100) OR (kind = 'lost' AND probability = 0) OR (kind = 'open' AND probability < 100)),
    CHECK (rotting_days BETWEEN 1 AND 3650),
    CHECK (json_valid(required_fields)),
    FOREIGN KEY(pipeline_id) REFERENCES pipeline (id)
);

CREATE INDEX ix_stage_order ON stage (pipeline_id, position, id);

CREATE UNIQUE INDEX ux_stage_name ON stage (pipeline_id, name_norm) WHERE archived_at IS NULL;

CREATE TABLE address (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    label TEXT,
    street TEXT,
    extended TEXT,
    locality TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) = 1),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_address_contact ON address (contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_address_org ON address (org_id) WHERE org_id IS NOT NULL;

CREATE TABLE channel (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    kind TEXT NOT NULL,
    label TEXT,
    value TEXT NOT NULL,
    value_norm TEXT NOT NULL,
    extension TEXT,
    is_primary INTEGER DEFAULT '0' NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) = 1),
    CHECK (kind IN ('email', 'phone', 'url')),
    CHECK (status IN ('active', 'unverified', 'invalid', 'bounced')),
    CHECK (is_primary IN (0, 1)),
    CHECK (kind <> 'phone' OR status <> 'active' OR (value_norm GLOB '+[1-9]*' AND substr(value_norm, 2) NOT GLOB '*[^0-9]*' AND length(value_norm) BETWEEN 8 AND 16)),
    CHECK (kind <> 'email' OR status <> 'active' OR value_norm LIKE '%_@_%'),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_channel_lookup ON channel (kind, value_norm);

CREATE UNIQUE INDEX ux_channel_contact ON channel (contact_id, kind, value_norm) WHERE contact_id IS NOT NULL;

CREATE UNIQUE INDEX ux_channel_contact_primary ON channel (contact_id, kind) WHERE is_primary = 1 AND contact_id IS NOT NULL;

CREATE UNIQUE INDEX ux_channel_org ON channel (org_id, kind, value_norm) WHERE org_id IS NOT NULL;

CREATE UNIQUE INDEX ux_channel_org_primary ON channel (org_id, kind) WHERE is_primary = 1 AND org_id IS NOT NULL;

CREATE TABLE contact_stage_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL,
    pipeline_id INTEGER NOT NULL,
    stage_id INTEGER NOT NULL,
    entered_at TEXT NOT NULL,
    exited_at TEXT,
    CHECK (exited_at >= entered_at),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(pipeline_id) REFERENCES pipeline (id),
    FOREIGN KEY(stage_id) REFERENCES stage (id)
);

CREATE INDEX ix_contact_stage_entered ON contact_stage_history (stage_id, entered_at);

CREATE INDEX ix_contact_stage_history ON contact_stage_history (contact_id, entered_at);

CREATE UNIQUE INDEX ux_contact_stage_open ON contact_stage_history (contact_id, pipeline_id) WHERE exited_at IS NULL;

CREATE TABLE deal (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    uid TEXT NOT NULL,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    pipeline_id INTEGER NOT NULL,
    stage_id INTEGER NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    amount_minor INTEGER,
    currency TEXT,
    value_period TEXT DEFAULT 'one_time' NOT NULL,
    probability_override INTEGER,
    forecast_override TEXT,
    close_date TEXT,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    stage_entered_at TEXT NOT NULL,
    last_activity_at TEXT,
    org_id INTEGER,
    owner_id INTEGER,
    source_id INTEGER,
    competitor TEXT,
    lost_reason_id INTEGER,
    close_note TEXT,
    note TEXT,
    custom TEXT DEFAULT '{}' NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT,
    CHECK (length(trim(name)) > 0),
    CHECK (status IN ('open', 'won', 'lost')),
    CHECK (amount_minor >= 0),
    CHECK (amount_minor IS NULL OR currency IS NOT NULL),
    CHECK (length(currency) = 3),
    CHECK (value_period IN ('one_time', 'monthly', 'annual')),
    CHECK (probability_override BETWEEN 0 AND 100),
    CHECK (forecast_override IS NULL OR forecast_override IN ('pipeline', 'best_case', 'commit', 'omitted')),
    CHECK ((status = 'open') = (closed_at IS NULL)),
    CHECK ((status = 'lost') = (lost_reason_id IS NOT NULL)),
    CHECK (closed_at >= opened_at),
    CHECK (json_valid(custom)),
    UNIQUE (uid),
    FOREIGN KEY(pipeline_id) REFERENCES pipeline (id),
    FOREIGN KEY(stage_id) REFERENCES stage (id),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(owner_id) REFERENCES app_user (id),
    FOREIGN KEY(source_id) REFERENCES source (id),
    FOREIGN KEY(lost_reason_id) REFERENCES reason (id)
);

CREATE INDEX ix_deal_archived ON deal (archived_at) WHERE archived_at IS NOT NULL;

CREATE INDEX ix_deal_board ON deal (stage_id, currency, value_period, probability_override, forecast_override, close_date, amount_minor) WHERE status = 'open' AND archived_at IS NULL;

CREATE INDEX ix_deal_close ON deal (close_date, id) WHERE status = 'open' AND archived_at IS NULL;

CREATE INDEX ix_deal_closed ON deal (closed_at, status) WHERE status <> 'open';

CREATE INDEX ix_deal_name ON deal (name_norm, id) WHERE archived_at IS NULL;

CREATE INDEX ix_deal_opened ON deal (opened_at) WHERE archived_at IS NULL;

CREATE INDEX ix_deal_org ON deal (org_id) WHERE org_id IS NOT NULL;

CREATE INDEX ix_deal_owner ON deal (owner_id, status) WHERE archived_at IS NULL;

CREATE TABLE employment (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    contact_id INTEGER NOT NULL,
    org_id INTEGER NOT NULL,
    title TEXT,
    department TEXT,
    is_primary INTEGER DEFAULT '1' NOT NULL,
    started_on TEXT,
    ended_on TEXT,
    CHECK (is_primary IN (0, 1)),
    CHECK (ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_employment_contact ON employment (contact_id);

CREATE INDEX ix_employment_org ON employment (org_id);

CREATE UNIQUE INDEX ux_employment_primary ON employment (contact_id) WHERE is_primary = 1 AND ended_on IS NULL;

CREATE TABLE external_ref (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) = 1),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_external_ref_contact ON external_ref (contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_external_ref_org ON external_ref (org_id) WHERE org_id IS NOT NULL;

CREATE UNIQUE INDEX ux_external_ref ON external_ref (source, external_id);

CREATE TABLE handle (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    is_current INTEGER DEFAULT '1' NOT NULL,
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) = 1),
    CHECK (is_current IN (0, 1)),
    UNIQUE (name),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_handle_contact ON handle (contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_handle_org ON handle (org_id) WHERE org_id IS NOT NULL;

CREATE UNIQUE INDEX ux_handle_contact ON handle (contact_id) WHERE is_current = 1 AND contact_id IS NOT NULL;

CREATE UNIQUE INDEX ux_handle_org ON handle (org_id) WHERE is_current = 1 AND org_id IS NOT NULL;

CREATE TABLE import_row (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    batch_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    noun TEXT NOT NULL,
    row_id INTEGER,
    message TEXT,
    CHECK (outcome IN ('created', 'updated', 'unchanged', 'skipped', 'rejected')),
    FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);

CREATE INDEX ix_import_row ON import_row (batch_id, line);

CREATE TABLE important_date (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    contact_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    year INTEGER,
    lead_days INTEGER,
    CHECK (month BETWEEN 1 AND 12),
    CHECK (day BETWEEN 1 AND 31),
    CHECK (lead_days BETWEEN 0 AND 365),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
);

CREATE INDEX ix_important_date_day ON important_date (month, day);

CREATE INDEX ix_important_date_lead ON important_date (lead_days) WHERE lead_days IS NOT NULL;

CREATE INDEX ix_important_date_led ON important_date (month, day) WHERE lead_days IS NOT NULL;

CREATE UNIQUE INDEX ux_important_date ON important_date (contact_id, kind);

CREATE TABLE kept_separate (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER,
    other_contact_id INTEGER,
    org_id INTEGER,
    other_org_id INTEGER,
    at TEXT NOT NULL,
    CHECK ((contact_id IS NULL) = (other_contact_id IS NULL)),
    CHECK ((org_id IS NULL) = (other_org_id IS NULL)),
    CHECK ((contact_id IS NULL) <> (org_id IS NULL)),
    CHECK (contact_id < other_contact_id),
    CHECK (org_id < other_org_id),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(other_contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(other_org_id) REFERENCES org (id)
);

CREATE INDEX ix_kept_separate_other ON kept_separate (other_contact_id);

CREATE INDEX ix_kept_separate_other_org ON kept_separate (other_org_id);

CREATE UNIQUE INDEX ux_kept_separate_contact ON kept_separate (contact_id, other_contact_id);

CREATE UNIQUE INDEX ux_kept_separate_org ON kept_separate (org_id, other_org_id);

CREATE TABLE lifecycle_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    FOREIGN KEY(contact_id) REFERENCES contact (id)
);

CREATE INDEX ix_lifecycle_contact ON lifecycle_history (contact_id, entered_at);

CREATE INDEX ix_lifecycle_stage ON lifecycle_history (stage, entered_at);

CREATE TABLE relationship (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    from_contact_id INTEGER NOT NULL,
    to_contact_id INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    CHECK (from_contact_id <> to_contact_id),
    FOREIGN KEY(from_contact_id) REFERENCES contact (id),
    FOREIGN KEY(to_contact_id) REFERENCES contact (id),
    FOREIGN KEY(type_id) REFERENCES relationship_type (id)
);

CREATE INDEX ix_relationship_to ON relationship (to_contact_id);

CREATE INDEX ix_relationship_type ON relationship (type_id);

CREATE UNIQUE INDEX ux_relationship ON relationship (from_contact_id, to_contact_id, type_id);

CREATE TABLE deal_contact (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    deal_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    role TEXT,
    is_primary INTEGER DEFAULT '0' NOT NULL,
    CHECK (role IS NULL OR role IN ('decision_maker', 'evaluator', 'influencer', 'champion', 'blocker', 'user', 'other')),
    CHECK (is_primary IN (0, 1)),
    FOREIGN KEY(deal_id) REFERENCES deal (id),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
);

CREATE INDEX ix_deal_contact_contact ON deal_contact (contact_id);

CREATE UNIQUE INDEX ux_deal_contact ON deal_contact (deal_id, contact_id);

CREATE UNIQUE INDEX ux_deal_contact_primary ON deal_contact (deal_id) WHERE is_primary = 1;

CREATE TABLE deal_line (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    deal_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit_minor INTEGER NOT NULL,
    discount_bp INTEGER DEFAULT '0' NOT NULL,
    net_minor INTEGER NOT NULL,
    CHECK (length(trim(name)) > 0),
    CHECK (discount_bp BETWEEN 0 AND 10000),
    FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE INDEX ix_deal_line ON deal_line (deal_id, position);

CREATE TABLE deal_stage_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    deal_id INTEGER NOT NULL,
    stage_id INTEGER NOT NULL,
    entered_at TEXT NOT NULL,
    exited_at TEXT,
    CHECK (exited_at >= entered_at),
    FOREIGN KEY(deal_id) REFERENCES deal (id),
    FOREIGN KEY(stage_id) REFERENCES stage (id)
);

CREATE INDEX ix_deal_stage_deal ON deal_stage_history (deal_id, entered_at, stage_id);

CREATE INDEX ix_deal_stage_entered ON deal_stage_history (stage_id, entered_at, deal_id);

CREATE UNIQUE INDEX ux_deal_stage_open ON deal_stage_history (deal_id) WHERE exited_at IS NULL;

CREATE TABLE deal_value_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    deal_id INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    amount_minor INTEGER,
    currency TEXT,
    value_period TEXT NOT NULL,
    probability_override INTEGER,
    forecast_override TEXT,
    close_date TEXT,
    FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE INDEX ix_deal_value_history ON deal_value_history (deal_id, changed_at);

CREATE TABLE task (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    uid TEXT NOT NULL,
    kind TEXT DEFAULT 'follow_up' NOT NULL,
    title TEXT NOT NULL,
    body TEXT,
    status TEXT DEFAULT 'needs_action' NOT NULL,
    priority INTEGER DEFAULT '0' NOT NULL,
    due_on TEXT,
    due_time TEXT,
    tz TEXT,
    hidden_until_on TEXT,
    snooze_count INTEGER DEFAULT '0' NOT NULL,
    completed_at TEXT,
    rrule TEXT,
    dtstart_on TEXT,
    repeat_from TEXT,
    series_uid TEXT,
    contact_id INTEGER,
    org_id INTEGER,
    deal_id INTEGER,
    owner_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT,
    CHECK (length(trim(title)) > 0),
    CHECK (kind IN ('follow_up', 'call', 'email', 'meeting', 'message', 'visit', 'todo', 'promise', 'waiting')),
    CHECK (status IN ('needs_action', 'in_process', 'completed', 'cancelled')),
    CHECK (priority BETWEEN 0 AND 9),
    CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CHECK (due_time IS NULL OR (due_on IS NOT NULL AND tz IS NOT NULL)),
    CHECK (due_time IS NULL OR (due_time GLOB '[0-2][0-9]:[0-5][0-9]' AND due_time < '24:00')),
    CHECK (repeat_from IS NULL OR repeat_from IN ('due', 'done')),
    CHECK (rrule IS NULL OR (due_on IS NOT NULL AND dtstart_on IS NOT NULL AND repeat_from IS NOT NULL AND series_uid IS NOT NULL)),
    UNIQUE (uid),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(deal_id) REFERENCES deal (id),
    FOREIGN KEY(owner_id) REFERENCES app_user (id)
);

CREATE INDEX ix_task_contact ON task (contact_id, status) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_task_deal ON task (deal_id, status, due_on) WHERE deal_id IS NOT NULL;

CREATE INDEX ix_task_due ON task (due_on, id) WHERE status IN ('needs_action', 'in_process') AND archived_at IS NULL;

CREATE INDEX ix_task_org ON task (org_id, status) WHERE org_id IS NOT NULL;

CREATE INDEX ix_task_owner ON task (owner_id, due_on, id) WHERE status IN ('needs_action', 'in_process') AND archived_at IS NULL;

CREATE UNIQUE INDEX ux_task_series ON task (series_uid) WHERE status IN ('needs_action', 'in_process') AND archived_at IS NULL AND rrule IS NOT NULL;

CREATE TABLE interaction (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    version INTEGER DEFAULT '1' NOT NULL,
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    direction TEXT,
    outcome TEXT,
    occurred_at TEXT NOT NULL,
    duration_seconds INTEGER,
    body TEXT,
    counts_as_touch INTEGER DEFAULT '1' NOT NULL,
    org_id INTEGER,
    deal_id INTEGER,
    task_id INTEGER,
    owner_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    archived_at TEXT,
    CHECK (kind IN ('call', 'email', 'meeting', 'message', 'note', 'feedback', 'visit')),
    CHECK (direction IS NULL OR direction IN ('inbound', 'outbound')),
    CHECK (outcome IS NULL OR outcome IN ('reached', 'no_answer', 'voicemail', 'busy', 'wrong_number', 'bounced')),
    CHECK (duration_seconds IS NULL OR duration_seconds >= 0),
    CHECK (counts_as_touch IN (0, 1)),
    UNIQUE (uid),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(deal_id) REFERENCES deal (id),
    FOREIGN KEY(task_id) REFERENCES task (id),
    FOREIGN KEY(owner_id) REFERENCES app_user (id)
);

CREATE INDEX ix_interaction_deal ON interaction (deal_id, occurred_at DESC) WHERE deal_id IS NOT NULL;

CREATE INDEX ix_interaction_org ON interaction (org_id, occurred_at DESC) WHERE org_id IS NOT NULL;

CREATE INDEX ix_interaction_task ON interaction (task_id) WHERE task_id IS NOT NULL;

CREATE INDEX ix_interaction_time ON interaction (occurred_at DESC, id DESC) WHERE archived_at IS NULL;

CREATE TABLE attachment (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL,
    filename TEXT NOT NULL,
    media_type TEXT,
    size INTEGER NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    deal_id INTEGER,
    interaction_id INTEGER,
    created_at TEXT NOT NULL,
    CHECK (length(sha256) = 64),
    CHECK (size >= 0),
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) + (deal_id IS NOT NULL) + (interaction_id IS NOT NULL) = 1),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(deal_id) REFERENCES deal (id),
    FOREIGN KEY(interaction_id) REFERENCES interaction (id)
);

CREATE INDEX ix_attachment_contact ON attachment (contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_attachment_content ON attachment (sha256);

CREATE INDEX ix_attachment_deal ON attachment (deal_id) WHERE deal_id IS NOT NULL;

CREATE INDEX ix_attachment_interaction ON attachment (interaction_id) WHERE interaction_id IS NOT NULL;

CREATE INDEX ix_attachment_org ON attachment (org_id) WHERE org_id IS NOT NULL;

CREATE TABLE interaction_contact (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    interaction_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    FOREIGN KEY(contact_id) REFERENCES contact (id)
);

CREATE INDEX ix_interaction_contact_interaction ON interaction_contact (interaction_id);

CREATE UNIQUE INDEX ux_interaction_contact ON interaction_contact (contact_id, interaction_id);

CREATE TABLE tagging (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    tag_id INTEGER NOT NULL,
    contact_id INTEGER,
    org_id INTEGER,
    interaction_id INTEGER,
    deal_id INTEGER,
    CHECK ((contact_id IS NOT NULL) + (org_id IS NOT NULL) + (interaction_id IS NOT NULL) + (deal_id IS NOT NULL) = 1),
    FOREIGN KEY(tag_id) REFERENCES tag (id),
    FOREIGN KEY(contact_id) REFERENCES contact (id),
    FOREIGN KEY(org_id) REFERENCES org (id),
    FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE INDEX ix_tagging_tag ON tagging (tag_id, contact_id);

CREATE UNIQUE INDEX ux_tagging_contact ON tagging (contact_id, tag_id) WHERE contact_id IS NOT NULL;

CREATE UNIQUE INDEX ux_tagging_deal ON tagging (deal_id, tag_id) WHERE deal_id IS NOT NULL;

CREATE UNIQUE INDEX ux_tagging_interaction ON tagging (interaction_id, tag_id) WHERE interaction_id IS NOT NULL;

CREATE UNIQUE INDEX ux_tagging_org ON tagging (org_id, tag_id) WHERE org_id IS NOT NULL;

CREATE VIRTUAL TABLE search_text USING fts5(
    title, body, content = 'search_doc', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2'
);

INSERT INTO journal_state (id, group_id) VALUES (1, NULL);

INSERT INTO pipeline (id, name, name_norm, holds, is_default) VALUES (1, 'Sales', 'sales', 'deal', 1);
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 1, 'Lead', 'lead', 'open', 10, 'pipeline', NULL, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 2, 'Qualified', 'qualified', 'open', 25, 'pipeline', 14, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 3, 'Proposal', 'proposal', 'open', 50, 'best_case', 10, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 4, 'Negotiation', 'negotiation', 'open', 75, 'commit', 7, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 5, 'Won', 'won', 'won', 100, 'closed', NULL, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (1, 6, 'Lost', 'lost', 'lost', 0, 'omitted', NULL, NULL, '[]');
INSERT INTO pipeline (id, name, name_norm, holds, is_default) VALUES (2, 'People', 'people', 'contact', 1);
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (2, 1, 'Awareness', 'awareness', 'open', 10, 'pipeline', NULL, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (2, 2, 'Interest', 'interest', 'open', 25, 'pipeline', 30, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (2, 3, 'Decision', 'decision', 'open', 50, 'best_case', 14, NULL, '[]');
INSERT INTO stage (pipeline_id, position, name, name_norm, kind, probability, forecast_category, rotting_days, guidance, required_fields) VALUES (2, 4, 'Action', 'action', 'won', 100, 'closed', NULL, NULL, '[]');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'price', 'price');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'no budget', 'no budget');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'competitor', 'competitor');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'no need', 'no need');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'timing', 'timing');
INSERT INTO reason (scope, name, name_norm) VALUES ('lost', 'no decision', 'no decision');
INSERT INTO reason (scope, name, name_norm) VALUES ('unqualified', 'no budget', 'no budget');
INSERT INTO reason (scope, name, name_norm) VALUES ('unqualified', 'no need now', 'no need now');
INSERT INTO reason (scope, name, name_norm) VALUES ('unqualified', 'wrong person', 'wrong person');
INSERT INTO reason (scope, name, name_norm) VALUES ('unqualified', 'not our market', 'not our market');
INSERT INTO reason (scope, name, name_norm) VALUES ('unqualified', 'no answer', 'no answer');
CREATE TRIGGER guard_deal_insert BEFORE INSERT ON deal
WHEN NEW.status IS NOT (SELECT kind FROM stage WHERE id = NEW.stage_id)
OR NEW.pipeline_id IS NOT (SELECT pipeline_id FROM stage WHERE id = NEW.stage_id)
BEGIN
    SELECT RAISE(ABORT, 'a deal stands in a stage of its pipeline and has the status of it');
END;

CREATE TRIGGER guard_deal_update BEFORE UPDATE ON deal
WHEN NEW.status IS NOT (SELECT kind FROM stage WHERE id = NEW.stage_id)
OR NEW.pipeline_id IS NOT (SELECT pipeline_id FROM stage WHERE id = NEW.stage_id)
BEGIN
    SELECT RAISE(ABORT, 'a deal stands in a stage of its pipeline and has the status of it');
END;

CREATE TRIGGER journal_outside AFTER INSERT ON change WHEN NEW.group_id = 0
BEGIN
    INSERT INTO change_group (at, actor, source)
    SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'outside', 'outside'
    WHERE NOT EXISTS (
        SELECT 1 FROM change_group
        WHERE id = (SELECT max(id) FROM change_group) AND source = 'outside'
        AND at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
    );
    UPDATE change SET group_id = (SELECT max(id) FROM change_group) WHERE id = NEW.id;
END;

CREATE TRIGGER journal_custom_field_i AFTER INSERT ON custom_field
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'custom_field', NEW.id, 'I', NULL, json_object('id', NEW.id, 'noun', NEW.noun, 'key', NEW.key, 'title', NEW.title, 'type', NEW.type, 'choices', NEW.choices, 'required', NEW.required, 'is_unique', NEW.is_unique, 'default_value', NEW.default_value);
END;

CREATE TRIGGER journal_custom_field_u AFTER UPDATE ON custom_field
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'custom_field', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'noun', OLD.noun, 'key', OLD.key, 'title', OLD.title, 'type', OLD.type, 'choices', OLD.choices, 'required', OLD.required, 'is_unique', OLD.is_unique, 'default_value', OLD.default_value)) o
JOIN json_each(json_object('id', NEW.id, 'noun', NEW.noun, 'key', NEW.key, 'title', NEW.title, 'type', NEW.type, 'choices', NEW.choices, 'required', NEW.required, 'is_unique', NEW.is_unique, 'default_value', NEW.default_value)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_custom_field_d AFTER DELETE ON custom_field
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'custom_field', OLD.id, 'D', json_object('id', OLD.id, 'noun', OLD.noun, 'key', OLD.key, 'title', OLD.title, 'type', OLD.type, 'choices', OLD.choices, 'required', OLD.required, 'is_unique', OLD.is_unique, 'default_value', OLD.default_value), NULL;
END;

CREATE TRIGGER journal_import_profile_i AFTER INSERT ON import_profile
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'import_profile', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'options', NEW.options);
END;

CREATE TRIGGER journal_import_profile_u AFTER UPDATE ON import_profile
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'import_profile', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'options', OLD.options)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'options', NEW.options)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_import_profile_d AFTER DELETE ON import_profile
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'import_profile', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'options', OLD.options), NULL;
END;

CREATE TRIGGER journal_pipeline_i AFTER INSERT ON pipeline
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'pipeline', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'holds', NEW.holds, 'is_default', NEW.is_default, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_pipeline_u AFTER UPDATE ON pipeline
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'pipeline', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'holds', OLD.holds, 'is_default', OLD.is_default, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'holds', NEW.holds, 'is_default', NEW.is_default, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_pipeline_d AFTER DELETE ON pipeline
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'pipeline', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'holds', OLD.holds, 'is_default', OLD.is_default, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_rate_i AFTER INSERT ON rate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'rate', NEW.id, 'I', NULL, json_object('id', NEW.id, 'base', NEW.base, 'quote', NEW.quote, 'on_date', NEW.on_date, 'rate', NEW.rate);
END;

CREATE TRIGGER journal_rate_u AFTER UPDATE ON rate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'rate', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'base', OLD.base, 'quote', OLD.quote, 'on_date', OLD.on_date, 'rate', OLD.rate)) o
JOIN json_each(json_object('id', NEW.id, 'base', NEW.base, 'quote', NEW.quote, 'on_date', NEW.on_date, 'rate', NEW.rate)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_rate_d AFTER DELETE ON rate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'rate', OLD.id, 'D', json_object('id', OLD.id, 'base', OLD.base, 'quote', OLD.quote, 'on_date', OLD.on_date, 'rate', OLD.rate), NULL;
END;

CREATE TRIGGER journal_reason_i AFTER INSERT ON reason
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'reason', NEW.id, 'I', NULL, json_object('id', NEW.id, 'scope', NEW.scope, 'name', NEW.name, 'name_norm', NEW.name_norm, 'needs_note', NEW.needs_note, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_reason_u AFTER UPDATE ON reason
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'reason', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'scope', OLD.scope, 'name', OLD.name, 'name_norm', OLD.name_norm, 'needs_note', OLD.needs_note, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'scope', NEW.scope, 'name', NEW.name, 'name_norm', NEW.name_norm, 'needs_note', NEW.needs_note, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_reason_d AFTER DELETE ON reason
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'reason', OLD.id, 'D', json_object('id', OLD.id, 'scope', OLD.scope, 'name', OLD.name, 'name_norm', OLD.name_norm, 'needs_note', OLD.needs_note, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_relationship_type_i AFTER INSERT ON relationship_type
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship_type', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'inverse', NEW.inverse, 'inverse_norm', NEW.inverse_norm);
END;

CREATE TRIGGER journal_relationship_type_u AFTER UPDATE ON relationship_type
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship_type', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'inverse', OLD.inverse, 'inverse_norm', OLD.inverse_norm)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'inverse', NEW.inverse, 'inverse_norm', NEW.inverse_norm)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_relationship_type_d AFTER DELETE ON relationship_type
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship_type', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'inverse', OLD.inverse, 'inverse_norm', OLD.inverse_norm), NULL;
END;

CREATE TRIGGER journal_saved_view_i AFTER INSERT ON saved_view
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'saved_view', NEW.id, 'I', NULL, json_object('id', NEW.id, 'noun', NEW.noun, 'name', NEW.name, 'name_norm', NEW.name_norm, 'filter', NEW.filter, 'sort', NEW.sort, 'fields', NEW.fields);
END;

CREATE TRIGGER journal_saved_view_u AFTER UPDATE ON saved_view
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'saved_view', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'noun', OLD.noun, 'name', OLD.name, 'name_norm', OLD.name_norm, 'filter', OLD.filter, 'sort', OLD.sort, 'fields', OLD.fields)) o
JOIN json_each(json_object('id', NEW.id, 'noun', NEW.noun, 'name', NEW.name, 'name_norm', NEW.name_norm, 'filter', NEW.filter, 'sort', NEW.sort, 'fields', NEW.fields)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_saved_view_d AFTER DELETE ON saved_view
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'saved_view', OLD.id, 'D', json_object('id', OLD.id, 'noun', OLD.noun, 'name', OLD.name, 'name_norm', OLD.name_norm, 'filter', OLD.filter, 'sort', OLD.sort, 'fields', OLD.fields), NULL;
END;

CREATE TRIGGER journal_score_rule_i AFTER INSERT ON score_rule
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'score_rule', NEW.id, 'I', NULL, json_object('id', NEW.id, 'dimension', NEW.dimension, 'label', NEW.label, 'label_norm', NEW.label_norm, 'filter', NEW.filter, 'points', NEW.points, 'max_count', NEW.max_count, 'decay_days', NEW.decay_days);
END;

CREATE TRIGGER journal_score_rule_u AFTER UPDATE ON score_rule
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'score_rule', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'dimension', OLD.dimension, 'label', OLD.label, 'label_norm', OLD.label_norm, 'filter', OLD.filter, 'points', OLD.points, 'max_count', OLD.max_count, 'decay_days', OLD.decay_days)) o
JOIN json_each(json_object('id', NEW.id, 'dimension', NEW.dimension, 'label', NEW.label, 'label_norm', NEW.label_norm, 'filter', NEW.filter, 'points', NEW.points, 'max_count', NEW.max_count, 'decay_days', NEW.decay_days)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_score_rule_d AFTER DELETE ON score_rule
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'score_rule', OLD.id, 'D', json_object('id', OLD.id, 'dimension', OLD.dimension, 'label', OLD.label, 'label_norm', OLD.label_norm, 'filter', OLD.filter, 'points', OLD.points, 'max_count', OLD.max_count, 'decay_days', OLD.decay_days), NULL;
END;

CREATE TRIGGER journal_source_i AFTER INSERT ON source
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'medium', NEW.medium);
END;

CREATE TRIGGER journal_source_u AFTER UPDATE ON source
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'medium', OLD.medium)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'medium', NEW.medium)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_source_d AFTER DELETE ON source
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'medium', OLD.medium), NULL;
END;

CREATE TRIGGER journal_tag_i AFTER INSERT ON tag
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tag', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm);
END;

CREATE TRIGGER journal_tag_u AFTER UPDATE ON tag
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tag', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'name_norm', NEW.name_norm)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_tag_d AFTER DELETE ON tag
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tag', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'name_norm', OLD.name_norm), NULL;
END;

CREATE TRIGGER journal_cadence_i AFTER INSERT ON cadence
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'cadence', NEW.id, 'I', NULL, json_object('id', NEW.id, 'tag_id', NEW.tag_id, 'days', NEW.days, 'max_days', NEW.max_days);
END;

CREATE TRIGGER journal_cadence_u AFTER UPDATE ON cadence
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'cadence', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'tag_id', OLD.tag_id, 'days', OLD.days, 'max_days', OLD.max_days)) o
JOIN json_each(json_object('id', NEW.id, 'tag_id', NEW.tag_id, 'days', NEW.days, 'max_days', NEW.max_days)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_cadence_d AFTER DELETE ON cadence
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'cadence', OLD.id, 'D', json_object('id', OLD.id, 'tag_id', OLD.tag_id, 'days', OLD.days, 'max_days', OLD.max_days), NULL;
END;

CREATE TRIGGER journal_contact_i AFTER INSERT ON contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact', NEW.id, 'I', NULL, json_object('id', NEW.id, 'uid', NEW.uid, 'display_name', NEW.display_name, 'name_norm', NEW.name_norm, 'prefix', NEW.prefix, 'given_name', NEW.given_name, 'additional_name', NEW.additional_name, 'family_name', NEW.family_name, 'suffix', NEW.suffix, 'nickname', NEW.nickname, 'language', NEW.language, 'lifecycle_stage', NEW.lifecycle_stage, 'note', NEW.note, 'custom', NEW.custom, 'lead_status', NEW.lead_status, 'unqualified_reason_id', NEW.unqualified_reason_id, 'source_id', NEW.source_id, 'owner_id', NEW.owner_id, 'cadence_days', NEW.cadence_days, 'cadence_max_days', NEW.cadence_max_days, 'bumped_on', NEW.bumped_on, 'paused_until_on', NEW.paused_until_on, 'do_not_contact', NEW.do_not_contact, 'deceased', NEW.deceased, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at, 'merged_into_id', NEW.merged_into_id);
END;

CREATE TRIGGER journal_contact_u AFTER UPDATE ON contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'uid', OLD.uid, 'display_name', OLD.display_name, 'name_norm', OLD.name_norm, 'prefix', OLD.prefix, 'given_name', OLD.given_name, 'additional_name', OLD.additional_name, 'family_name', OLD.family_name, 'suffix', OLD.suffix, 'nickname', OLD.nickname, 'language', OLD.language, 'lifecycle_stage', OLD.lifecycle_stage, 'note', OLD.note, 'custom', OLD.custom, 'lead_status', OLD.lead_status, 'unqualified_reason_id', OLD.unqualified_reason_id, 'source_id', OLD.source_id, 'owner_id', OLD.owner_id, 'cadence_days', OLD.cadence_days, 'cadence_max_days', OLD.cadence_max_days, 'bumped_on', OLD.bumped_on, 'paused_until_on', OLD.paused_until_on, 'do_not_contact', OLD.do_not_contact, 'deceased', OLD.deceased, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at, 'merged_into_id', OLD.merged_into_id)) o
JOIN json_each(json_object('id', NEW.id, 'uid', NEW.uid, 'display_name', NEW.display_name, 'name_norm', NEW.name_norm, 'prefix', NEW.prefix, 'given_name', NEW.given_name, 'additional_name', NEW.additional_name, 'family_name', NEW.family_name, 'suffix', NEW.suffix, 'nickname', NEW.nickname, 'language', NEW.language, 'lifecycle_stage', NEW.lifecycle_stage, 'note', NEW.note, 'custom', NEW.custom, 'lead_status', NEW.lead_status, 'unqualified_reason_id', NEW.unqualified_reason_id, 'source_id', NEW.source_id, 'owner_id', NEW.owner_id, 'cadence_days', NEW.cadence_days, 'cadence_max_days', NEW.cadence_max_days, 'bumped_on', NEW.bumped_on, 'paused_until_on', NEW.paused_until_on, 'do_not_contact', NEW.do_not_contact, 'deceased', NEW.deceased, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at, 'merged_into_id', NEW.merged_into_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_contact_d AFTER DELETE ON contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact', OLD.id, 'D', json_object('id', OLD.id, 'uid', OLD.uid, 'display_name', OLD.display_name, 'name_norm', OLD.name_norm, 'prefix', OLD.prefix, 'given_name', OLD.given_name, 'additional_name', OLD.additional_name, 'family_name', OLD.family_name, 'suffix', OLD.suffix, 'nickname', OLD.nickname, 'language', OLD.language, 'lifecycle_stage', OLD.lifecycle_stage, 'note', OLD.note, 'custom', OLD.custom, 'lead_status', OLD.lead_status, 'unqualified_reason_id', OLD.unqualified_reason_id, 'source_id', OLD.source_id, 'owner_id', OLD.owner_id, 'cadence_days', OLD.cadence_days, 'cadence_max_days', OLD.cadence_max_days, 'bumped_on', OLD.bumped_on, 'paused_until_on', OLD.paused_until_on, 'do_not_contact', OLD.do_not_contact, 'deceased', OLD.deceased, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at, 'merged_into_id', OLD.merged_into_id), NULL;
END;

CREATE TRIGGER journal_goal_i AFTER INSERT ON goal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'goal', NEW.id, 'I', NULL, json_object('id', NEW.id, 'owner_id', NEW.owner_id, 'metric', NEW.metric, 'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on, 'target', NEW.target, 'currency', NEW.currency);
END;

CREATE TRIGGER journal_goal_u AFTER UPDATE ON goal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'goal', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'owner_id', OLD.owner_id, 'metric', OLD.metric, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on, 'target', OLD.target, 'currency', OLD.currency)) o
JOIN json_each(json_object('id', NEW.id, 'owner_id', NEW.owner_id, 'metric', NEW.metric, 'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on, 'target', NEW.target, 'currency', NEW.currency)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_goal_d AFTER DELETE ON goal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'goal', OLD.id, 'D', json_object('id', OLD.id, 'owner_id', OLD.owner_id, 'metric', OLD.metric, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on, 'target', OLD.target, 'currency', OLD.currency), NULL;
END;

CREATE TRIGGER journal_org_i AFTER INSERT ON org
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'org', NEW.id, 'I', NULL, json_object('id', NEW.id, 'uid', NEW.uid, 'name', NEW.name, 'name_norm', NEW.name_norm, 'domain', NEW.domain, 'kind', NEW.kind, 'industry', NEW.industry, 'note', NEW.note, 'custom', NEW.custom, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at, 'merged_into_id', NEW.merged_into_id);
END;

CREATE TRIGGER journal_org_u AFTER UPDATE ON org
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'org', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'uid', OLD.uid, 'name', OLD.name, 'name_norm', OLD.name_norm, 'domain', OLD.domain, 'kind', OLD.kind, 'industry', OLD.industry, 'note', OLD.note, 'custom', OLD.custom, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at, 'merged_into_id', OLD.merged_into_id)) o
JOIN json_each(json_object('id', NEW.id, 'uid', NEW.uid, 'name', NEW.name, 'name_norm', NEW.name_norm, 'domain', NEW.domain, 'kind', NEW.kind, 'industry', NEW.industry, 'note', NEW.note, 'custom', NEW.custom, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at, 'merged_into_id', NEW.merged_into_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_org_d AFTER DELETE ON org
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'org', OLD.id, 'D', json_object('id', OLD.id, 'uid', OLD.uid, 'name', OLD.name, 'name_norm', OLD.name_norm, 'domain', OLD.domain, 'kind', OLD.kind, 'industry', OLD.industry, 'note', OLD.note, 'custom', OLD.custom, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at, 'merged_into_id', OLD.merged_into_id), NULL;
END;

CREATE TRIGGER journal_source_cost_i AFTER INSERT ON source_cost
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source_cost', NEW.id, 'I', NULL, json_object('id', NEW.id, 'source_id', NEW.source_id, 'spent_on', NEW.spent_on, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'note', NEW.note);
END;

CREATE TRIGGER journal_source_cost_u AFTER UPDATE ON source_cost
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source_cost', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'source_id', OLD.source_id, 'spent_on', OLD.spent_on, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'note', OLD.note)) o
JOIN json_each(json_object('id', NEW.id, 'source_id', NEW.source_id, 'spent_on', NEW.spent_on, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'note', NEW.note)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_source_cost_d AFTER DELETE ON source_cost
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'source_cost', OLD.id, 'D', json_object('id', OLD.id, 'source_id', OLD.source_id, 'spent_on', OLD.spent_on, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'note', OLD.note), NULL;
END;

CREATE TRIGGER journal_stage_i AFTER INSERT ON stage
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'stage', NEW.id, 'I', NULL, json_object('id', NEW.id, 'pipeline_id', NEW.pipeline_id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'position', NEW.position, 'kind', NEW.kind, 'probability', NEW.probability, 'forecast_category', NEW.forecast_category, 'rotting_days', NEW.rotting_days, 'guidance', NEW.guidance, 'required_fields', NEW.required_fields, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_stage_u AFTER UPDATE ON stage
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'stage', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'pipeline_id', OLD.pipeline_id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'position', OLD.position, 'kind', OLD.kind, 'probability', OLD.probability, 'forecast_category', OLD.forecast_category, 'rotting_days', OLD.rotting_days, 'guidance', OLD.guidance, 'required_fields', OLD.required_fields, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'pipeline_id', NEW.pipeline_id, 'name', NEW.name, 'name_norm', NEW.name_norm, 'position', NEW.position, 'kind', NEW.kind, 'probability', NEW.probability, 'forecast_category', NEW.forecast_category, 'rotting_days', NEW.rotting_days, 'guidance', NEW.guidance, 'required_fields', NEW.required_fields, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_stage_d AFTER DELETE ON stage
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'stage', OLD.id, 'D', json_object('id', OLD.id, 'pipeline_id', OLD.pipeline_id, 'name', OLD.name, 'name_norm', OLD.name_norm, 'position', OLD.position, 'kind', OLD.kind, 'probability', OLD.probability, 'forecast_category', OLD.forecast_category, 'rotting_days', OLD.rotting_days, 'guidance', OLD.guidance, 'required_fields', OLD.required_fields, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_address_i AFTER INSERT ON address
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'address', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'label', NEW.label, 'street', NEW.street, 'extended', NEW.extended, 'locality', NEW.locality, 'region', NEW.region, 'postal_code', NEW.postal_code, 'country', NEW.country);
END;

CREATE TRIGGER journal_address_u AFTER UPDATE ON address
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'address', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'label', OLD.label, 'street', OLD.street, 'extended', OLD.extended, 'locality', OLD.locality, 'region', OLD.region, 'postal_code', OLD.postal_code, 'country', OLD.country)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'label', NEW.label, 'street', NEW.street, 'extended', NEW.extended, 'locality', NEW.locality, 'region', NEW.region, 'postal_code', NEW.postal_code, 'country', NEW.country)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_address_d AFTER DELETE ON address
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'address', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'label', OLD.label, 'street', OLD.street, 'extended', OLD.extended, 'locality', OLD.locality, 'region', OLD.region, 'postal_code', OLD.postal_code, 'country', OLD.country), NULL;
END;

CREATE TRIGGER journal_channel_i AFTER INSERT ON channel
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'channel', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'kind', NEW.kind, 'label', NEW.label, 'value', NEW.value, 'value_norm', NEW.value_norm, 'extension', NEW.extension, 'is_primary', NEW.is_primary, 'status', NEW.status);
END;

CREATE TRIGGER journal_channel_u AFTER UPDATE ON channel
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'channel', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'kind', OLD.kind, 'label', OLD.label, 'value', OLD.value, 'value_norm', OLD.value_norm, 'extension', OLD.extension, 'is_primary', OLD.is_primary, 'status', OLD.status)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'kind', NEW.kind, 'label', NEW.label, 'value', NEW.value, 'value_norm', NEW.value_norm, 'extension', NEW.extension, 'is_primary', NEW.is_primary, 'status', NEW.status)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_channel_d AFTER DELETE ON channel
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'channel', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'kind', OLD.kind, 'label', OLD.label, 'value', OLD.value, 'value_norm', OLD.value_norm, 'extension', OLD.extension, 'is_primary', OLD.is_primary, 'status', OLD.status), NULL;
END;

CREATE TRIGGER journal_contact_stage_history_i AFTER INSERT ON contact_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact_stage_history', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'pipeline_id', NEW.pipeline_id, 'stage_id', NEW.stage_id, 'entered_at', NEW.entered_at, 'exited_at', NEW.exited_at);
END;

CREATE TRIGGER journal_contact_stage_history_u AFTER UPDATE ON contact_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact_stage_history', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'pipeline_id', OLD.pipeline_id, 'stage_id', OLD.stage_id, 'entered_at', OLD.entered_at, 'exited_at', OLD.exited_at)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'pipeline_id', NEW.pipeline_id, 'stage_id', NEW.stage_id, 'entered_at', NEW.entered_at, 'exited_at', NEW.exited_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_contact_stage_history_d AFTER DELETE ON contact_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'contact_stage_history', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'pipeline_id', OLD.pipeline_id, 'stage_id', OLD.stage_id, 'entered_at', OLD.entered_at, 'exited_at', OLD.exited_at), NULL;
END;

CREATE TRIGGER journal_deal_i AFTER INSERT ON deal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal', NEW.id, 'I', NULL, json_object('id', NEW.id, 'uid', NEW.uid, 'name', NEW.name, 'name_norm', NEW.name_norm, 'pipeline_id', NEW.pipeline_id, 'stage_id', NEW.stage_id, 'status', NEW.status, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'value_period', NEW.value_period, 'probability_override', NEW.probability_override, 'forecast_override', NEW.forecast_override, 'close_date', NEW.close_date, 'opened_at', NEW.opened_at, 'closed_at', NEW.closed_at, 'stage_entered_at', NEW.stage_entered_at, 'org_id', NEW.org_id, 'owner_id', NEW.owner_id, 'source_id', NEW.source_id, 'competitor', NEW.competitor, 'lost_reason_id', NEW.lost_reason_id, 'close_note', NEW.close_note, 'note', NEW.note, 'custom', NEW.custom, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_deal_u AFTER UPDATE ON deal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'uid', OLD.uid, 'name', OLD.name, 'name_norm', OLD.name_norm, 'pipeline_id', OLD.pipeline_id, 'stage_id', OLD.stage_id, 'status', OLD.status, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'value_period', OLD.value_period, 'probability_override', OLD.probability_override, 'forecast_override', OLD.forecast_override, 'close_date', OLD.close_date, 'opened_at', OLD.opened_at, 'closed_at', OLD.closed_at, 'stage_entered_at', OLD.stage_entered_at, 'org_id', OLD.org_id, 'owner_id', OLD.owner_id, 'source_id', OLD.source_id, 'competitor', OLD.competitor, 'lost_reason_id', OLD.lost_reason_id, 'close_note', OLD.close_note, 'note', OLD.note, 'custom', OLD.custom, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'uid', NEW.uid, 'name', NEW.name, 'name_norm', NEW.name_norm, 'pipeline_id', NEW.pipeline_id, 'stage_id', NEW.stage_id, 'status', NEW.status, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'value_period', NEW.value_period, 'probability_override', NEW.probability_override, 'forecast_override', NEW.forecast_override, 'close_date', NEW.close_date, 'opened_at', NEW.opened_at, 'closed_at', NEW.closed_at, 'stage_entered_at', NEW.stage_entered_at, 'org_id', NEW.org_id, 'owner_id', NEW.owner_id, 'source_id', NEW.source_id, 'competitor', NEW.competitor, 'lost_reason_id', NEW.lost_reason_id, 'close_note', NEW.close_note, 'note', NEW.note, 'custom', NEW.custom, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_deal_d AFTER DELETE ON deal
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal', OLD.id, 'D', json_object('id', OLD.id, 'uid', OLD.uid, 'name', OLD.name, 'name_norm', OLD.name_norm, 'pipeline_id', OLD.pipeline_id, 'stage_id', OLD.stage_id, 'status', OLD.status, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'value_period', OLD.value_period, 'probability_override', OLD.probability_override, 'forecast_override', OLD.forecast_override, 'close_date', OLD.close_date, 'opened_at', OLD.opened_at, 'closed_at', OLD.closed_at, 'stage_entered_at', OLD.stage_entered_at, 'org_id', OLD.org_id, 'owner_id', OLD.owner_id, 'source_id', OLD.source_id, 'competitor', OLD.competitor, 'lost_reason_id', OLD.lost_reason_id, 'close_note', OLD.close_note, 'note', OLD.note, 'custom', OLD.custom, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_employment_i AFTER INSERT ON employment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'employment', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'title', NEW.title, 'department', NEW.department, 'is_primary', NEW.is_primary, 'started_on', NEW.started_on, 'ended_on', NEW.ended_on);
END;

CREATE TRIGGER journal_employment_u AFTER UPDATE ON employment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'employment', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'title', OLD.title, 'department', OLD.department, 'is_primary', OLD.is_primary, 'started_on', OLD.started_on, 'ended_on', OLD.ended_on)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'title', NEW.title, 'department', NEW.department, 'is_primary', NEW.is_primary, 'started_on', NEW.started_on, 'ended_on', NEW.ended_on)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_employment_d AFTER DELETE ON employment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'employment', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'title', OLD.title, 'department', OLD.department, 'is_primary', OLD.is_primary, 'started_on', OLD.started_on, 'ended_on', OLD.ended_on), NULL;
END;

CREATE TRIGGER journal_external_ref_i AFTER INSERT ON external_ref
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'external_ref', NEW.id, 'I', NULL, json_object('id', NEW.id, 'source', NEW.source, 'external_id', NEW.external_id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id);
END;

CREATE TRIGGER journal_external_ref_u AFTER UPDATE ON external_ref
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'external_ref', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'source', OLD.source, 'external_id', OLD.external_id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id)) o
JOIN json_each(json_object('id', NEW.id, 'source', NEW.source, 'external_id', NEW.external_id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_external_ref_d AFTER DELETE ON external_ref
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'external_ref', OLD.id, 'D', json_object('id', OLD.id, 'source', OLD.source, 'external_id', OLD.external_id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id), NULL;
END;

CREATE TRIGGER journal_handle_i AFTER INSERT ON handle
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'handle', NEW.id, 'I', NULL, json_object('id', NEW.id, 'name', NEW.name, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'is_current', NEW.is_current);
END;

CREATE TRIGGER journal_handle_u AFTER UPDATE ON handle
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'handle', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'name', OLD.name, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'is_current', OLD.is_current)) o
JOIN json_each(json_object('id', NEW.id, 'name', NEW.name, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'is_current', NEW.is_current)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_handle_d AFTER DELETE ON handle
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'handle', OLD.id, 'D', json_object('id', OLD.id, 'name', OLD.name, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'is_current', OLD.is_current), NULL;
END;

CREATE TRIGGER journal_important_date_i AFTER INSERT ON important_date
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'important_date', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'kind', NEW.kind, 'month', NEW.month, 'day', NEW.day, 'year', NEW.year, 'lead_days', NEW.lead_days);
END;

CREATE TRIGGER journal_important_date_u AFTER UPDATE ON important_date
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'important_date', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'kind', OLD.kind, 'month', OLD.month, 'day', OLD.day, 'year', OLD.year, 'lead_days', OLD.lead_days)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'kind', NEW.kind, 'month', NEW.month, 'day', NEW.day, 'year', NEW.year, 'lead_days', NEW.lead_days)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_important_date_d AFTER DELETE ON important_date
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'important_date', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'kind', OLD.kind, 'month', OLD.month, 'day', OLD.day, 'year', OLD.year, 'lead_days', OLD.lead_days), NULL;
END;

CREATE TRIGGER journal_kept_separate_i AFTER INSERT ON kept_separate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'kept_separate', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'other_contact_id', NEW.other_contact_id, 'org_id', NEW.org_id, 'other_org_id', NEW.other_org_id, 'at', NEW.at);
END;

CREATE TRIGGER journal_kept_separate_u AFTER UPDATE ON kept_separate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'kept_separate', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'other_contact_id', OLD.other_contact_id, 'org_id', OLD.org_id, 'other_org_id', OLD.other_org_id, 'at', OLD.at)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'other_contact_id', NEW.other_contact_id, 'org_id', NEW.org_id, 'other_org_id', NEW.other_org_id, 'at', NEW.at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_kept_separate_d AFTER DELETE ON kept_separate
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'kept_separate', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'other_contact_id', OLD.other_contact_id, 'org_id', OLD.org_id, 'other_org_id', OLD.other_org_id, 'at', OLD.at), NULL;
END;

CREATE TRIGGER journal_lifecycle_history_i AFTER INSERT ON lifecycle_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'lifecycle_history', NEW.id, 'I', NULL, json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'stage', NEW.stage, 'entered_at', NEW.entered_at);
END;

CREATE TRIGGER journal_lifecycle_history_u AFTER UPDATE ON lifecycle_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'lifecycle_history', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'stage', OLD.stage, 'entered_at', OLD.entered_at)) o
JOIN json_each(json_object('id', NEW.id, 'contact_id', NEW.contact_id, 'stage', NEW.stage, 'entered_at', NEW.entered_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_lifecycle_history_d AFTER DELETE ON lifecycle_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'lifecycle_history', OLD.id, 'D', json_object('id', OLD.id, 'contact_id', OLD.contact_id, 'stage', OLD.stage, 'entered_at', OLD.entered_at), NULL;
END;

CREATE TRIGGER journal_relationship_i AFTER INSERT ON relationship
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship', NEW.id, 'I', NULL, json_object('id', NEW.id, 'from_contact_id', NEW.from_contact_id, 'to_contact_id', NEW.to_contact_id, 'type_id', NEW.type_id);
END;

CREATE TRIGGER journal_relationship_u AFTER UPDATE ON relationship
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'from_contact_id', OLD.from_contact_id, 'to_contact_id', OLD.to_contact_id, 'type_id', OLD.type_id)) o
JOIN json_each(json_object('id', NEW.id, 'from_contact_id', NEW.from_contact_id, 'to_contact_id', NEW.to_contact_id, 'type_id', NEW.type_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_relationship_d AFTER DELETE ON relationship
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'relationship', OLD.id, 'D', json_object('id', OLD.id, 'from_contact_id', OLD.from_contact_id, 'to_contact_id', OLD.to_contact_id, 'type_id', OLD.type_id), NULL;
END;

CREATE TRIGGER journal_deal_contact_i AFTER INSERT ON deal_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_contact', NEW.id, 'I', NULL, json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'contact_id', NEW.contact_id, 'role', NEW.role, 'is_primary', NEW.is_primary);
END;

CREATE TRIGGER journal_deal_contact_u AFTER UPDATE ON deal_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_contact', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'contact_id', OLD.contact_id, 'role', OLD.role, 'is_primary', OLD.is_primary)) o
JOIN json_each(json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'contact_id', NEW.contact_id, 'role', NEW.role, 'is_primary', NEW.is_primary)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_deal_contact_d AFTER DELETE ON deal_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_contact', OLD.id, 'D', json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'contact_id', OLD.contact_id, 'role', OLD.role, 'is_primary', OLD.is_primary), NULL;
END;

CREATE TRIGGER journal_deal_line_i AFTER INSERT ON deal_line
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_line', NEW.id, 'I', NULL, json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'position', NEW.position, 'name', NEW.name, 'quantity', NEW.quantity, 'unit_minor', NEW.unit_minor, 'discount_bp', NEW.discount_bp, 'net_minor', NEW.net_minor);
END;

CREATE TRIGGER journal_deal_line_u AFTER UPDATE ON deal_line
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_line', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'position', OLD.position, 'name', OLD.name, 'quantity', OLD.quantity, 'unit_minor', OLD.unit_minor, 'discount_bp', OLD.discount_bp, 'net_minor', OLD.net_minor)) o
JOIN json_each(json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'position', NEW.position, 'name', NEW.name, 'quantity', NEW.quantity, 'unit_minor', NEW.unit_minor, 'discount_bp', NEW.discount_bp, 'net_minor', NEW.net_minor)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_deal_line_d AFTER DELETE ON deal_line
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_line', OLD.id, 'D', json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'position', OLD.position, 'name', OLD.name, 'quantity', OLD.quantity, 'unit_minor', OLD.unit_minor, 'discount_bp', OLD.discount_bp, 'net_minor', OLD.net_minor), NULL;
END;

CREATE TRIGGER journal_deal_stage_history_i AFTER INSERT ON deal_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_stage_history', NEW.id, 'I', NULL, json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'stage_id', NEW.stage_id, 'entered_at', NEW.entered_at, 'exited_at', NEW.exited_at);
END;

CREATE TRIGGER journal_deal_stage_history_u AFTER UPDATE ON deal_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_stage_history', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'stage_id', OLD.stage_id, 'entered_at', OLD.entered_at, 'exited_at', OLD.exited_at)) o
JOIN json_each(json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'stage_id', NEW.stage_id, 'entered_at', NEW.entered_at, 'exited_at', NEW.exited_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_deal_stage_history_d AFTER DELETE ON deal_stage_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_stage_history', OLD.id, 'D', json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'stage_id', OLD.stage_id, 'entered_at', OLD.entered_at, 'exited_at', OLD.exited_at), NULL;
END;

CREATE TRIGGER journal_deal_value_history_i AFTER INSERT ON deal_value_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_value_history', NEW.id, 'I', NULL, json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'changed_at', NEW.changed_at, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'value_period', NEW.value_period, 'probability_override', NEW.probability_override, 'forecast_override', NEW.forecast_override, 'close_date', NEW.close_date);
END;

CREATE TRIGGER journal_deal_value_history_u AFTER UPDATE ON deal_value_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_value_history', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'changed_at', OLD.changed_at, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'value_period', OLD.value_period, 'probability_override', OLD.probability_override, 'forecast_override', OLD.forecast_override, 'close_date', OLD.close_date)) o
JOIN json_each(json_object('id', NEW.id, 'deal_id', NEW.deal_id, 'changed_at', NEW.changed_at, 'amount_minor', NEW.amount_minor, 'currency', NEW.currency, 'value_period', NEW.value_period, 'probability_override', NEW.probability_override, 'forecast_override', NEW.forecast_override, 'close_date', NEW.close_date)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_deal_value_history_d AFTER DELETE ON deal_value_history
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'deal_value_history', OLD.id, 'D', json_object('id', OLD.id, 'deal_id', OLD.deal_id, 'changed_at', OLD.changed_at, 'amount_minor', OLD.amount_minor, 'currency', OLD.currency, 'value_period', OLD.value_period, 'probability_override', OLD.probability_override, 'forecast_override', OLD.forecast_override, 'close_date', OLD.close_date), NULL;
END;

CREATE TRIGGER journal_task_i AFTER INSERT ON task
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'task', NEW.id, 'I', NULL, json_object('id', NEW.id, 'uid', NEW.uid, 'kind', NEW.kind, 'title', NEW.title, 'body', NEW.body, 'status', NEW.status, 'priority', NEW.priority, 'due_on', NEW.due_on, 'due_time', NEW.due_time, 'tz', NEW.tz, 'hidden_until_on', NEW.hidden_until_on, 'snooze_count', NEW.snooze_count, 'completed_at', NEW.completed_at, 'rrule', NEW.rrule, 'dtstart_on', NEW.dtstart_on, 'repeat_from', NEW.repeat_from, 'series_uid', NEW.series_uid, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_task_u AFTER UPDATE ON task
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'task', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'uid', OLD.uid, 'kind', OLD.kind, 'title', OLD.title, 'body', OLD.body, 'status', OLD.status, 'priority', OLD.priority, 'due_on', OLD.due_on, 'due_time', OLD.due_time, 'tz', OLD.tz, 'hidden_until_on', OLD.hidden_until_on, 'snooze_count', OLD.snooze_count, 'completed_at', OLD.completed_at, 'rrule', OLD.rrule, 'dtstart_on', OLD.dtstart_on, 'repeat_from', OLD.repeat_from, 'series_uid', OLD.series_uid, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'uid', NEW.uid, 'kind', NEW.kind, 'title', NEW.title, 'body', NEW.body, 'status', NEW.status, 'priority', NEW.priority, 'due_on', NEW.due_on, 'due_time', NEW.due_time, 'tz', NEW.tz, 'hidden_until_on', NEW.hidden_until_on, 'snooze_count', NEW.snooze_count, 'completed_at', NEW.completed_at, 'rrule', NEW.rrule, 'dtstart_on', NEW.dtstart_on, 'repeat_from', NEW.repeat_from, 'series_uid', NEW.series_uid, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_task_d AFTER DELETE ON task
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'task', OLD.id, 'D', json_object('id', OLD.id, 'uid', OLD.uid, 'kind', OLD.kind, 'title', OLD.title, 'body', OLD.body, 'status', OLD.status, 'priority', OLD.priority, 'due_on', OLD.due_on, 'due_time', OLD.due_time, 'tz', OLD.tz, 'hidden_until_on', OLD.hidden_until_on, 'snooze_count', OLD.snooze_count, 'completed_at', OLD.completed_at, 'rrule', OLD.rrule, 'dtstart_on', OLD.dtstart_on, 'repeat_from', OLD.repeat_from, 'series_uid', OLD.series_uid, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_interaction_i AFTER INSERT ON interaction
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction', NEW.id, 'I', NULL, json_object('id', NEW.id, 'uid', NEW.uid, 'kind', NEW.kind, 'direction', NEW.direction, 'outcome', NEW.outcome, 'occurred_at', NEW.occurred_at, 'duration_seconds', NEW.duration_seconds, 'body', NEW.body, 'counts_as_touch', NEW.counts_as_touch, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'task_id', NEW.task_id, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at);
END;

CREATE TRIGGER journal_interaction_u AFTER UPDATE ON interaction
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'uid', OLD.uid, 'kind', OLD.kind, 'direction', OLD.direction, 'outcome', OLD.outcome, 'occurred_at', OLD.occurred_at, 'duration_seconds', OLD.duration_seconds, 'body', OLD.body, 'counts_as_touch', OLD.counts_as_touch, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'task_id', OLD.task_id, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at)) o
JOIN json_each(json_object('id', NEW.id, 'uid', NEW.uid, 'kind', NEW.kind, 'direction', NEW.direction, 'outcome', NEW.outcome, 'occurred_at', NEW.occurred_at, 'duration_seconds', NEW.duration_seconds, 'body', NEW.body, 'counts_as_touch', NEW.counts_as_touch, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'task_id', NEW.task_id, 'owner_id', NEW.owner_id, 'created_at', NEW.created_at, 'updated_at', NEW.updated_at, 'archived_at', NEW.archived_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_interaction_d AFTER DELETE ON interaction
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction', OLD.id, 'D', json_object('id', OLD.id, 'uid', OLD.uid, 'kind', OLD.kind, 'direction', OLD.direction, 'outcome', OLD.outcome, 'occurred_at', OLD.occurred_at, 'duration_seconds', OLD.duration_seconds, 'body', OLD.body, 'counts_as_touch', OLD.counts_as_touch, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'task_id', OLD.task_id, 'owner_id', OLD.owner_id, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at, 'archived_at', OLD.archived_at), NULL;
END;

CREATE TRIGGER journal_attachment_i AFTER INSERT ON attachment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'attachment', NEW.id, 'I', NULL, json_object('id', NEW.id, 'sha256', NEW.sha256, 'filename', NEW.filename, 'media_type', NEW.media_type, 'size', NEW.size, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'interaction_id', NEW.interaction_id, 'created_at', NEW.created_at);
END;

CREATE TRIGGER journal_attachment_u AFTER UPDATE ON attachment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'attachment', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'sha256', OLD.sha256, 'filename', OLD.filename, 'media_type', OLD.media_type, 'size', OLD.size, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'interaction_id', OLD.interaction_id, 'created_at', OLD.created_at)) o
JOIN json_each(json_object('id', NEW.id, 'sha256', NEW.sha256, 'filename', NEW.filename, 'media_type', NEW.media_type, 'size', NEW.size, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'deal_id', NEW.deal_id, 'interaction_id', NEW.interaction_id, 'created_at', NEW.created_at)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_attachment_d AFTER DELETE ON attachment
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'attachment', OLD.id, 'D', json_object('id', OLD.id, 'sha256', OLD.sha256, 'filename', OLD.filename, 'media_type', OLD.media_type, 'size', OLD.size, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'deal_id', OLD.deal_id, 'interaction_id', OLD.interaction_id, 'created_at', OLD.created_at), NULL;
END;

CREATE TRIGGER journal_interaction_contact_i AFTER INSERT ON interaction_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction_contact', NEW.id, 'I', NULL, json_object('id', NEW.id, 'interaction_id', NEW.interaction_id, 'contact_id', NEW.contact_id);
END;

CREATE TRIGGER journal_interaction_contact_u AFTER UPDATE ON interaction_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction_contact', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'interaction_id', OLD.interaction_id, 'contact_id', OLD.contact_id)) o
JOIN json_each(json_object('id', NEW.id, 'interaction_id', NEW.interaction_id, 'contact_id', NEW.contact_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_interaction_contact_d AFTER DELETE ON interaction_contact
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'interaction_contact', OLD.id, 'D', json_object('id', OLD.id, 'interaction_id', OLD.interaction_id, 'contact_id', OLD.contact_id), NULL;
END;

CREATE TRIGGER journal_tagging_i AFTER INSERT ON tagging
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tagging', NEW.id, 'I', NULL, json_object('id', NEW.id, 'tag_id', NEW.tag_id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'interaction_id', NEW.interaction_id, 'deal_id', NEW.deal_id);
END;

CREATE TRIGGER journal_tagging_u AFTER UPDATE ON tagging
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tagging', NEW.id, 'U', json_group_object(o.key, o.value), json_group_object(n.key, n.value)
FROM json_each(json_object('id', OLD.id, 'tag_id', OLD.tag_id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'interaction_id', OLD.interaction_id, 'deal_id', OLD.deal_id)) o
JOIN json_each(json_object('id', NEW.id, 'tag_id', NEW.tag_id, 'contact_id', NEW.contact_id, 'org_id', NEW.org_id, 'interaction_id', NEW.interaction_id, 'deal_id', NEW.deal_id)) n ON n.key = o.key
WHERE o.value IS NOT n.value HAVING sum(o.key NOT IN ('updated_at')) > 0;
END;

CREATE TRIGGER journal_tagging_d AFTER DELETE ON tagging
BEGIN
INSERT INTO change (group_id, table_name, row_id, op, old, new)
SELECT COALESCE((SELECT group_id FROM journal_state), 0), 'tagging', OLD.id, 'D', json_object('id', OLD.id, 'tag_id', OLD.tag_id, 'contact_id', OLD.contact_id, 'org_id', OLD.org_id, 'interaction_id', OLD.interaction_id, 'deal_id', OLD.deal_id), NULL;
END;

CREATE VIEW v_contact AS
SELECT contact.id, 'c' || contact.id AS ref, (SELECT name FROM handle WHERE contact_id = contact.id AND is_current = 1) AS handle, contact.display_name AS name,
contact.given_name, contact.family_name, org.id AS org_id, org.name AS org, job.title,
(SELECT value FROM channel WHERE contact_id = contact.id AND kind = 'email' ORDER BY is_primary DESC, id LIMIT 1) AS email, (SELECT value FROM channel WHERE contact_id = contact.id AND kind = 'phone' ORDER BY is_primary DESC, id LIMIT 1) AS phone, (SELECT locality FROM address WHERE contact_id = contact.id ORDER BY id LIMIT 1) AS city, (SELECT country FROM address WHERE contact_id = contact.id ORDER BY id LIMIT 1) AS country,
(SELECT group_concat(name, ', ') FROM (SELECT t.name FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.contact_id = contact.id ORDER BY t.name_norm)) AS tags, contact.lifecycle_stage AS stage, contact.lead_status,
(SELECT name FROM source WHERE id = contact.source_id) AS source,
(SELECT name FROM app_user WHERE id = contact.owner_id) AS owner, contact.last_touch_at, contact.next_touch_on,
contact.do_not_contact, contact.note, contact.custom, contact.created_at, contact.updated_at,
contact.uid
FROM contact
LEFT JOIN employment job ON job.contact_id = contact.id AND job.is_primary = 1
AND job.ended_on IS NULL
LEFT JOIN org ON org.id = job.org_id WHERE contact.archived_at IS NULL;

CREATE VIEW v_lead AS
SELECT id, ref, handle, name, org_id, org, email, phone, tags, stage, lead_status, source, owner,
last_touch_at, (SELECT min(entered_at) FROM lifecycle_history h WHERE h.contact_id = v_contact.id
AND h.stage IN ('lead', 'qualified')) AS lead_since, created_at, uid
FROM v_contact WHERE stage IN ('lead', 'qualified');

CREATE VIEW v_org AS
SELECT org.id, 'o' || org.id AS ref, (SELECT name FROM handle WHERE org_id = org.id AND is_current = 1) AS handle, org.name, org.kind, org.domain, org.industry,
(SELECT value FROM channel WHERE org_id = org.id AND kind = 'email' ORDER BY is_primary DESC, id LIMIT 1) AS email, (SELECT value FROM channel WHERE org_id = org.id AND kind = 'phone' ORDER BY is_primary DESC, id LIMIT 1) AS phone, (SELECT locality FROM address WHERE org_id = org.id ORDER BY id LIMIT 1) AS city, (SELECT country FROM address WHERE org_id = org.id ORDER BY id LIMIT 1) AS country, (SELECT group_concat(name, ', ') FROM (SELECT t.name FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.org_id = org.id ORDER BY t.name_norm)) AS tags,
(SELECT name FROM app_user WHERE id = org.owner_id) AS owner, org.note, org.custom, org.created_at, org.updated_at, org.uid
FROM org WHERE org.archived_at IS NULL;

CREATE VIEW v_pipeline_stage AS
SELECT stage.id, pipeline.id AS pipeline_id, pipeline.name AS pipeline, pipeline.holds,
pipeline.is_default, stage.position, stage.name AS stage, stage.kind, stage.probability,
stage.forecast_category AS category, stage.rotting_days, stage.archived_at
FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id;

CREATE VIEW v_deal AS
SELECT deal.id, 'd' || deal.id AS ref, deal.name, deal.status, pipeline.name AS pipeline,
stage.name AS stage, stage.position AS stage_position,
CASE WHEN deal.amount_minor IS NULL THEN NULL WHEN deal.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN printf('%d', deal.amount_minor) WHEN deal.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN printf('%d.%03d', deal.amount_minor / 1000, deal.amount_minor % 1000) WHEN deal.currency IN ('CLF', 'UYW') THEN printf('%d.%04d', deal.amount_minor / 10000, deal.amount_minor % 10000) ELSE printf('%d.%02d', deal.amount_minor / 100, deal.amount_minor % 100) END AS amount, deal.amount_minor, deal.currency,
deal.value_period AS period, deal.amount_minor * CASE deal.value_period WHEN 'monthly' THEN 12 ELSE 1 END AS value_minor,
COALESCE(CASE deal.status WHEN 'open' THEN deal.probability_override END, stage.probability) AS probability,
COALESCE(CASE deal.status WHEN 'open' THEN deal.forecast_override END, stage.forecast_category) AS category,
deal.close_date, who.contact_id, (SELECT display_name FROM contact WHERE id = who.contact_id)
AS contact, deal.org_id, (SELECT name FROM org WHERE id = deal.org_id) AS org,
next.id AS next_task_id, next.title AS next_step, next.due_on AS next_due,
(SELECT name FROM app_user WHERE id = deal.owner_id) AS owner, (SELECT name FROM source WHERE id = deal.source_id) AS source,
(SELECT name FROM reason WHERE id = deal.lost_reason_id) AS lost_reason, deal.competitor,
deal.close_note, (SELECT group_concat(name, ', ') FROM (SELECT t.name FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.deal_id = deal.id ORDER BY t.name_norm)) AS tags, stage.rotting_days, deal.opened_at, deal.stage_entered_at,
deal.closed_at, deal.last_activity_at, deal.note, deal.custom, deal.created_at, deal.updated_at,
deal.uid
FROM deal JOIN stage ON stage.id = deal.stage_id JOIN pipeline ON pipeline.id = deal.pipeline_id
LEFT JOIN deal_contact who ON who.deal_id = deal.id AND who.is_primary = 1
LEFT JOIN task next ON next.id = (SELECT id FROM task WHERE deal_id = deal.id AND status IN ('needs_action', 'in_process') AND archived_at IS NULL
ORDER BY due_on NULLS LAST, due_time NULLS LAST, id LIMIT 1)
WHERE deal.archived_at IS NULL;

CREATE VIEW v_forecast AS
SELECT id, ref, name, pipeline, stage, stage_position, category, close_date,
substr(close_date, 1, 7) AS month, currency, value_minor, probability,
value_minor * probability AS weighted_hundredths, contact_id, contact, org_id, org, owner, source
FROM v_deal WHERE status = 'open';

CREATE VIEW v_deal_contact AS
SELECT link.deal_id, deal.name AS deal, link.contact_id, contact.display_name AS contact,
link.role, link.is_primary
FROM deal_contact link JOIN deal ON deal.id = link.deal_id
JOIN contact ON contact.id = link.contact_id
WHERE deal.archived_at IS NULL AND contact.archived_at IS NULL;

CREATE VIEW v_deal_stage AS
SELECT stay.deal_id, deal.name AS deal, pipeline.name AS pipeline, stage.name AS stage,
stage.position AS stage_position, stage.kind, stay.entered_at, stay.exited_at
FROM deal_stage_history stay JOIN deal ON deal.id = stay.deal_id
JOIN stage ON stage.id = stay.stage_id JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE deal.archived_at IS NULL;

CREATE VIEW v_contact_stage AS
SELECT stay.contact_id, contact.display_name AS contact, pipeline.name AS pipeline,
stage.name AS stage, stage.position AS stage_position, stage.kind, stay.entered_at, stay.exited_at
FROM contact_stage_history stay JOIN contact ON contact.id = stay.contact_id
JOIN stage ON stage.id = stay.stage_id JOIN pipeline ON pipeline.id = stage.pipeline_id
WHERE contact.archived_at IS NULL;

CREATE VIEW v_task AS
SELECT task.id, 't' || task.id AS ref, task.title, task.kind, task.status,
task.status IN ('needs_action', 'in_process') AS is_open, task.due_on, task.due_time, task.tz,
task.hidden_until_on, task.priority, task.contact_id,
(SELECT display_name FROM contact WHERE id = task.contact_id) AS contact, task.org_id,
(SELECT name FROM org WHERE id = task.org_id) AS org, task.deal_id,
(SELECT name FROM deal WHERE id = task.deal_id) AS deal, (SELECT name FROM app_user WHERE id = task.owner_id) AS owner,
task.rrule, task.completed_at, task.body, task.created_at, task.updated_at, task.uid
FROM task WHERE task.archived_at IS NULL;

CREATE VIEW v_interaction AS
SELECT interaction.id, 'i' || interaction.id AS ref, interaction.kind, interaction.direction,
interaction.outcome, interaction.occurred_at, interaction.duration_seconds, interaction.body,
interaction.counts_as_touch AS is_touch, interaction.org_id,
(SELECT name FROM org WHERE id = interaction.org_id) AS org, interaction.deal_id,
(SELECT name FROM deal WHERE id = interaction.deal_id) AS deal,
(SELECT name FROM app_user WHERE id = interaction.owner_id) AS owner, (SELECT group_concat(name, ', ') FROM (SELECT t.name FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.interaction_id = interaction.id ORDER BY t.name_norm)) AS tags, interaction.created_at, interaction.uid
FROM interaction WHERE interaction.archived_at IS NULL;

CREATE VIEW v_interaction_contact AS
SELECT link.interaction_id, interaction.kind, interaction.occurred_at, link.contact_id,
contact.display_name AS contact
FROM interaction_contact link JOIN interaction ON interaction.id = link.interaction_id
JOIN contact ON contact.id = link.contact_id
WHERE interaction.archived_at IS NULL AND contact.archived_at IS NULL;
