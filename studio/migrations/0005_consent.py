"""Beside a copied voice's request: who said that its speaker agreed, and when."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("studio", "0004_uses"),)
    operations = (
        migrations.AddField(model_name="generation", name="consent", field=models.JSONField(blank=True, default=dict)),
    )
