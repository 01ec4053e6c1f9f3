"""More documents to try the PDF with: Chinese, a certificate that stands alone, and charts."""

from report_samples import CHINESE, ENGLISH, FINGERPRINT, MADE

from imgpilot.ruler import PRINT, Mark, ruler_print, ruler_units
from reports.blocks import Certificate, Contents, Drawing, Fact, Figure, Figures, Note, Text
from reports.document import Cover, Document, Section
from reports.figures import Series, bars, lines
from reports.table import Column, Stacked, Table


def chinese_report() -> Document:
    """The same kind of report for a reader of Chinese, shorter."""
    scale = ruler_print(
        30,
        20,
        [
            Mark(0, "11 月 3 日", "您提出请求"),
            Mark(6, "11 月 9 日", "身份已确认"),
            Mark(30, "12 月 3 日", "法定期限"),
        ],
        now_label="今天",
    )
    return Document(
        title="我们保存的\n关于您的数据",
        lang="zh_Hans",
        subtitle="您在 ImgPilot 的全部个人数据副本：我们为什么保存、谁收到过、您可以怎么做。",
        running_foot="编号 IP-2026-0413，2026 年 11 月 23 日为安娜准备",
        labels=CHINESE,
        made_at=MADE,
        cover=Cover(
            facts=[
                Fact("编号", "IP-2026-0413"),
                Fact("您的权利", "GDPR 第 15 条"),
                Fact("条目", "8 类共 492 条"),
                Fact("统计时间", "2026 年 11 月 23 日 14:40"),
            ],
            svg=scale,
            svg_alt="30 天中的第 20 天",
        ),
        sections=[
            Section(
                "概要",
                lede="截至 2026 年 11 月 23 日，我们保存着关于您的 492 条数据，"
                "几乎全部是您制作的图片和您写的“提示词”。",
                blocks=[
                    Figures(
                        [
                            Figure("492", "条，分 8 类"),
                            Figure("3", "家公司收到过其中一部分"),
                            Figure("61", "次提供，全部列出"),
                        ]
                    ),
                    Table(
                        [
                            Column("种类", "strong", nowrap=True),
                            Column("条数", "number"),
                            Column("", "bar"),
                            Column("保存原因", "quiet"),
                            Column("保存期限", "quiet"),
                        ],
                        [
                            ["您制作的图片", "186", 186, "向您展示您的作品", "直到您删除"],
                            ["提示词", "203", 203, "说明每张图片如何制作", "与图片一同保存"],
                            ["付款记录", "14", 14, "税法要求", "7 年"],
                        ],
                        footer=["合计", "403", "", "", ""],
                    ),
                    Table(
                        [Column("时间", "quiet", nowrap=True), Column("提示词")],
                        [
                            ["2026-11-01 20:11", "一片墨绿色的海，短促的笔触，远处有灯塔——“静夜”"],
                            ["2026-11-03 11:02", "Herbarium sheet, ink on old paper"],
                        ],
                        title="最近的提示词",
                        note="其余 201 行见 prompts.csv，顺序相同。",
                    ),
                    Note("您可以在隐私中心要求更正、删除或停止使用这些数据。", lead="接下来您可以："),
                    Contents("本报告内容"),
                ],
            ),
            Section(
                "谁收到过",
                lede="过去 12 个月内收到过您数据的全部公司。",
                blocks=[
                    Table(
                        [Column("公司"), Column("为我们做什么"), Column("次数", "number")],
                        [[Stacked("Aster Compute", "爱尔兰"), "运行图像模型", "47"]],
                    ),
                    Certificate(
                        heading="证明",
                        title="此副本完整",
                        statement="7 个可能保存个人数据的系统全部已答复，没有遗漏。",
                        facts=[Fact("制作", "隐私团队"), Fact("指纹 SHA-256", FINGERPRINT, "hash")],
                    ),
                    Text("回复送达本报告的邮件即可，两个工作日内会有人处理。", title="如果有误"),
                ],
            ),
        ],
    )


def erasure_certificate() -> Document:
    """What remains to prove that nothing remains. It names nobody, so it may itself stay."""
    return Document(
        title="Certificate of erasure",
        lang="en",
        subtitle="What was deleted, what stays and why, and how we looked again afterwards.",
        running_foot="Case IP-2026-0412, certificate of 23 November 2026",
        labels=ENGLISH,
        made_at=MADE,
        sections=[
            Section(
                "What happened",
                blocks=[
                    Figures(
                        [
                            Figure("474", "items deleted"),
                            Figure("17", "stay, each for a stated reason"),
                            Figure("0", "found when we looked again"),
                        ]
                    ),
                    Table(
                        [
                            Column("Kind", "strong"),
                            Column("Went", "number"),
                            Column("Stays", "number"),
                            Column("Ground", "quiet"),
                            Column("Until", "quiet", nowrap=True),
                        ],
                        [
                            ["Pictures", "185", "0", "Asked for", ""],
                            ["Prompts", "203", "0", "Go with their pictures", ""],
                            ["Profile and sign-ins", "86", "0", "Asked for", ""],
                            ["Invoices", "0", "14", "Tax law, Article 17(3)(b)", "31 Dec 2033"],
                            ["Safety decisions", "0", "2", "Appeal window", "14 May 2027"],
                            ["Privacy log", "0", "1", "Proof of this deletion", "23 Nov 2029"],
                        ],
                        footer=["All", "474", "17", "", ""],
                    ),
                    Certificate(
                        title="Erased and checked",
                        statement="The approved plan was carried out in full. An independent second look at "
                        "every table, object and company found nothing.",
                        facts=[
                            Fact("Plan approved by", "Two officers, 20 and 21 November 2026"),
                            Fact("Carried out", "23 November 2026, 14:52 CET"),
                            Fact("Plan, SHA-256", FINGERPRINT, "hash"),
                            Fact("Log entry", "E-41907"),
                        ],
                        svg=ruler_units(["Database", "Pictures", "Aster Compute", "Larkpost"], 4, palette=PRINT),
                        svg_alt="4 of 4 places were looked at again",
                    ),
                ],
            )
        ],
    )


def yearly_report() -> Document:
    """A report with charts, for the officer."""
    months = ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    return Document(
        title="Privacy requests, second half of 2026",
        lang="en",
        running_foot="Made on 23 November 2026",
        labels=ENGLISH,
        made_at=MADE,
        sections=[
            Section(
                "Requests and answers",
                lede="142 requests came in; 139 were answered in time.",
                blocks=[
                    Drawing(
                        bars(
                            months,
                            [
                                Series("Access", [12, 14, 9, 17, 21, 18]),
                                Series("Deletion", [5, 6, 8, 7, 11, 9]),
                                Series("Other", [1, 0, 2, 1, 1, 0]),
                            ],
                        ),
                        "Requests for each month: access 12 to 21, deletion 5 to 11, other 0 to 2.",
                        title="Requests by kind",
                    ),
                    Drawing(
                        lines(
                            months,
                            [
                                Series("Median", [9, 8, 8.5, 7, 6, 6]),
                                Series("Slowest tenth", [24, 22, 26, 19, 18, 17]),
                            ],
                            unit="days",
                        ),
                        "Days to answer: the median fell from 9 to 6, the slowest tenth from 24 to 17.",
                        title="Days to an answer",
                    ),
                ],
            )
        ],
    )
